import { createContext, useContext } from 'react';
import type { Theme } from '../state/theme.ts';

/** What blocks need to know about the workspace around them. */
export interface Places {
  theme: Theme;
  names: { users: { id: string; name: string }[]; channels: { id: string; name: string }[] };
}

export const PlacesContext = createContext<Places>({
  theme: 'light',
  names: { users: [], channels: [] },
});

export function usePlaces(): Places {
  return useContext(PlacesContext);
}
