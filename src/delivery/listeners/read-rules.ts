import type { ModalView } from '@slack/types';
import { buildRules } from '../modals/rules.ts';
import type { Member } from '../ports.ts';
import type { SlackDeps } from './deps.ts';
import { mayDo } from './require-role.ts';

export async function readRules(deps: SlackDeps, member: Member, page: number): Promise<ModalView> {
  const live = await deps.ruleAdmin.live();
  const mayChange = mayDo(member.role, 'changeRule');
  return buildRules(live, { page, mayChange, now: deps.clock.now() });
}
