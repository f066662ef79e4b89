import { count } from './numbers.ts';

/* The words about leads that nobody takes: to their rep, their team, its manager. Facts, no blame. */

export const ESCALATION = {
  rep: (n: number) => `${count(n, 'lead')} of yours ${n === 1 ? 'waits' : 'wait'} for your call`,
  repFoot: 'Not yours to take? “Not mine” and “Hand over” are in the menu.',
  team: (n: number) => (n === 1 ? 'Nobody has taken this yet' : `Nobody has taken these ${n} yet`),
  manager: (n: number, team: string) => `${count(n, 'lead')} of ${team} nobody has taken yet`,
  managerFoot: 'The Home tab of First Call lists the team’s leads: assign them there.',
  routedTo: (rep: string) => `for ${rep}`,
  anyone: 'for anyone',
  settled: 'Nothing is left to do here: no lead of this message waits any more.',
  more: (n: number) => `and ${n.toLocaleString('en-US')} more`,
} as const;
