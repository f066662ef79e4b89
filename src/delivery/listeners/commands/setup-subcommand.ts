import { readSetup } from '../read-setup.ts';
import type { Subcommand } from './subcommand.ts';

export const SETUP_SUBCOMMAND: Subcommand = {
  name: 'setup',
  usage: 'setup',
  does: 'teams: channel, reps, manager, hours; checks that First Call can post and finds everybody',
  more: ['Each change is shown before it is published, as a new version of the rules with a note.'],
  act: 'setup',
  kind: 'modal',
  open: ({ deps }) => readSetup(deps),
};
