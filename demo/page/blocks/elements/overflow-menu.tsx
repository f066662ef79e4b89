import { Menu } from '../../parts/menu.tsx';
import type { AnyElement } from '../initial-values.ts';
import { plainText } from '../slack-text.tsx';
import { type ElementSlot, useElement } from '../surface.ts';
import type { Option } from './shapes.ts';

export function OverflowMenu({ element, slot }: { element: AnyElement; slot: ElementSlot }) {
  const { action_id: actionId = '', options } = element as unknown as {
    action_id?: string;
    options: Option[];
  };
  const { pending, send } = useElement(slot, actionId, { type: 'overflow' });
  return (
    <Menu
      label="More actions"
      className="button icon"
      actionId={actionId}
      busy={pending}
      items={options.map((option) => ({
        key: option.value ?? option.text.text,
        label: `${plainText(option.text)}${option.url === undefined ? '' : ' ↗'}`,
        onChoose: () => {
          void send({ type: 'overflow', selected_option: option });
          if (option.url?.startsWith('http')) open(option.url, '_blank', 'noreferrer');
        },
      }))}
    />
  );
}
