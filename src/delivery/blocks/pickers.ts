import type { PlainTextOption, StaticSelect, UsersSelect } from '@slack/types';
import { SLACK_LIMITS } from '../text/limits.ts';
import { plain } from './kit.ts';

export interface SelectOptions {
  actionId: string;
  /** Read by a screen reader as the name of the list. */
  placeholder: string;
  /** At least one; the first hundred are offered. */
  options: readonly PlainTextOption[];
  /** Value of the one that is chosen. */
  chosen?: string;
}

export function select({ actionId, placeholder, options, chosen }: SelectOptions): StaticSelect {
  const offered = options.slice(0, SLACK_LIMITS.selectOptions);
  const initial = offered.find(({ value }) => value === chosen);
  return {
    type: 'static_select',
    action_id: actionId,
    placeholder: plain(placeholder, SLACK_LIMITS.placeholder),
    options: offered,
    ...(initial === undefined ? {} : { initial_option: initial }),
  };
}

export function usersSelect(actionId: string, placeholder: string): UsersSelect {
  return {
    type: 'users_select',
    action_id: actionId,
    placeholder: plain(placeholder, SLACK_LIMITS.placeholder),
  };
}
