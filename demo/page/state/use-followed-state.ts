import { useEffect, useState } from 'react';
import type { PageState } from '../../server/page-state.ts';
import { type Connection, followState } from './api.ts';

/** The workspace as this person sees it, live. */
export function useFollowedState(as: string | null) {
  const [state, setState] = useState<PageState | null>(null);
  const [connection, setConnection] = useState<Connection>('connecting');
  useEffect(() => followState(as, setState, setConnection), [as]);
  return { state, connection };
}
