import { createContext, useContext } from 'react';
import type { Theme } from '../state/theme.ts';
import type { WorkspaceNames } from './mrkdwn.ts';

/** What blocks need to know about the workspace around them. */
export interface Places {
  theme: Theme;
  names: WorkspaceNames;
}

export const PlacesContext = createContext<Places>({
  theme: 'light',
  names: { users: [], channels: [] },
});

export function usePlaces(): Places {
  return useContext(PlacesContext);
}
