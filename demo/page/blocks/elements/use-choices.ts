import { usePlaces } from '../places.ts';
import { plainText } from '../slack-text.tsx';
import type { Option, OptionGroup } from './shapes.ts';

/** One entry of a select menu. */
export interface Choice {
  value: string;
  label: string;
  group: string | null;
  /** What Slack reports when it is picked: the option as the app gave it, or an id. */
  content: Option | string;
}

export interface SelectJson {
  type: string;
  options?: Option[];
  option_groups?: OptionGroup[];
}

/** What the menu offers: its own options, or the people or channels of the workspace. */
export function useChoices(select: SelectJson): Choice[] {
  const { names } = usePlaces();
  if (select.type.includes('users')) {
    return names.users.map(({ id, name }) => idChoice(id, name));
  }
  if (select.type.includes('channels') || select.type.includes('conversations')) {
    return names.channels.map(({ id, name }) => idChoice(id, `#${name}`));
  }
  const grouped = (select.option_groups ?? []).flatMap(({ label, options }) =>
    options.map((option) => optionChoice(option, plainText(label))),
  );
  return [...(select.options ?? []).map((option) => optionChoice(option, null)), ...grouped];
}

/** The value that a menu's entry has in the page, from what Slack calls its content. */
export function menuValue(content: unknown): string {
  if (typeof content === 'string') return content;
  return (content as Option | null)?.value ?? '';
}

function idChoice(id: string, label: string): Choice {
  return { value: id, label, group: null, content: id };
}

function optionChoice(option: Option, group: string | null): Choice {
  const label = plainText(option.text);
  return { value: option.value ?? label, label, group, content: option };
}
