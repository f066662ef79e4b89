import type { Member, Members, Role } from '../ports.ts';
import { REPLY, ROLES } from '../text/reply-words.ts';

/** Each act and who may do it. Checked on the server at every click, whoever sees the button. */
export const ACTS = {
  accept: { role: 'rep', name: 'Accepting a lead' },
  override: { role: 'rep', name: 'Overriding a lead' },
  snooze: { role: 'rep', name: 'Snoozing a lead' },
  notMine: { role: 'rep', name: 'Giving a lead back' },
  handOver: { role: 'rep', name: 'Handing a lead over' },
  undo: { role: 'rep', name: 'Undoing a decision' },
  why: { role: 'rep', name: 'Looking at a score' },
  queue: { role: 'rep', name: 'Looking at a queue' },
  board: { role: 'rep', name: 'Looking at a board' },
  report: { role: 'rep', name: 'The report' },
  rules: { role: 'rep', name: 'Looking at the rules' },
  help: { role: 'rep', name: 'Help' },
  home: { role: 'rep', name: 'App Home' },
  prefs: { role: 'rep', name: 'Setting preferences' },
  held: { role: 'manager', name: 'Looking at held leads' },
  release: { role: 'manager', name: 'Releasing a held lead' },
  assign: { role: 'manager', name: 'Assigning a lead' },
  // Safe, undone in a moment and kept in the audit log: whoever sees the flood first may stop it.
  pause: { role: 'manager', name: 'Pausing' },
  resume: { role: 'manager', name: 'Resuming' },
  health: { role: 'manager', name: 'Looking at health' },
  testLead: { role: 'manager', name: 'Sending or removing a test lead' },
  changeRule: { role: 'admin', name: 'Changing a rule' },
  rollbackRules: { role: 'admin', name: 'Rolling back rules' },
  setup: { role: 'admin', name: 'Setting up teams' },
  grant: { role: 'admin', name: 'Granting a role' },
} as const satisfies Record<string, { role: Role; name: string }>;

export type ActName = keyof typeof ACTS;

const RANK: Readonly<Record<Role, number>> = { guest: -1, rep: 0, manager: 1, admin: 2 };

export function mayDo(role: Role, act: ActName): boolean {
  return RANK[role] >= RANK[ACTS[act].role];
}

export type RoleCheck = { ok: true; member: Member } | { ok: false; message: string };

/** `userId` is the one of the signed request. */
export async function requireRole(
  members: Members,
  userId: string,
  act: ActName,
): Promise<RoleCheck> {
  const member = await members.get(userId);
  if (mayDo(member.role, act)) return { ok: true, member };
  if (member.standing === 'outsider') return { ok: false, message: REPLY.otherWorkspace };
  return { ok: false, message: ROLES.refused(ACTS[act].name, ACTS[act].role, member.role) };
}
