import type { AnyElement } from '../initial-values.ts';
import type { ElementSlot } from '../surface.ts';
import { ButtonElement } from './button.tsx';
import { Choices } from './choices.tsx';
import { DateInput } from './date-input.tsx';
import { MultiSelect } from './multi-select.tsx';
import { OverflowMenu } from './overflow-menu.tsx';
import { Select } from './select.tsx';
import { TextInput } from './text-input.tsx';

interface Props {
  element: AnyElement;
  slot: ElementSlot;
}

/** Any element of a block that a person can use. */
export function BlockElement({ element, slot }: Props) {
  switch (element.type) {
    case 'button':
      return <ButtonElement element={element} slot={slot} />;
    case 'overflow':
      return <OverflowMenu element={element} slot={slot} />;
    case 'checkboxes':
    case 'radio_buttons':
      return <Choices element={element} slot={slot} />;
    case 'static_select':
    case 'users_select':
    case 'conversations_select':
    case 'channels_select':
      return <Select element={element} slot={slot} />;
    case 'multi_static_select':
    case 'multi_users_select':
    case 'multi_conversations_select':
    case 'multi_channels_select':
      return <MultiSelect element={element} slot={slot} />;
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return <TextInput element={element} slot={slot} />;
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker':
      return <DateInput element={element} slot={slot} />;
    case 'image':
      return (
        <img className="thumbnail" src={String(element.image_url)} alt={String(element.alt_text)} />
      );
    default:
      return <p className="unsupported">This small workspace cannot show a “{element.type}”.</p>;
  }
}
