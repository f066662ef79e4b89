import type { TeamSource } from '../../scoring/rule-files.ts';
import type { Member } from '../ports.ts';

/** The teams that somebody looks after: an admin all, a manager those that name them and those that name nobody. */
export function teamsOf(
  teams: readonly TeamSource[],
  { role, email }: Pick<Member, 'role' | 'email'>,
): TeamSource[] {
  if (role === 'admin') return [...teams];
  if (role !== 'manager') return [];
  return teams.filter(
    ({ manager }) => manager === undefined || manager.toLowerCase() === email?.toLowerCase(),
  );
}
