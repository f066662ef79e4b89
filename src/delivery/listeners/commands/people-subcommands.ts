import { readPrefs } from '../read-prefs.ts';
import type { Subcommand } from './subcommand.ts';

/** What a person sets for themselves. */
export const PEOPLE_SUBCOMMANDS: readonly Subcommand[] = [
  {
    name: 'prefs',
    usage: 'prefs',
    does: 'how you are told, quiet hours, a daily digest, days away',
    act: 'prefs',
    kind: 'modal',
    open: ({ deps }, member) => readPrefs(deps, member),
  },
];
