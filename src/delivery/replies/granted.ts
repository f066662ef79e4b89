import type { GrantableRole, GrantResult } from '../ports.ts';
import { ROLES } from '../text/reply-words.ts';

/** What came of granting a role; `target` is a Slack user id. */
export function describeGrant(result: GrantResult, target: string, role: GrantableRole): string {
  switch (result.kind) {
    case 'granted':
      return `<@${target}> ${ROLES.granted(role)}`;
    case 'unknown':
      return ROLES.unknownPerson;
    case 'not_eligible':
      return `<@${target}> ${ROLES.notEligible[result.standing]}`;
    case 'last_admin':
      return `<@${target}> ${ROLES.lastAdmin}`;
    case 'configured':
      return `<@${target}> ${ROLES.configured}`;
  }
}
