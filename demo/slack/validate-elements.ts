import { isRecord, type JsonRecord } from '../doubles/json.ts';
import {
  checkConfirm,
  checkKeys,
  checkList,
  checkOptionalText,
  checkString,
  checkStyle,
  checkText,
  type Report,
} from './block-checks.ts';
import { BLOCK_KIT_LIMITS } from './block-kit-limits.ts';
import {
  checkFileInput,
  checkNumberInput,
  checkPicker,
  checkRichTextInput,
  checkTextInput,
} from './validate-inputs.ts';
import { checkChoice, checkOption, checkSelect } from './validate-selects.ts';

type ElementCheck = (report: Report, pointer: string, element: JsonRecord) => void;

const LIMITS = BLOCK_KIT_LIMITS;
const PLAIN = 'plain_text' as const;

const SELECTS = [
  'static_select',
  'external_select',
  'users_select',
  'conversations_select',
  'channels_select',
];
const MULTI_SELECTS = SELECTS.map((type) => `multi_${type}`);
const CHOICES = ['checkboxes', 'radio_buttons'];
const ALWAYS = ['button', 'overflow', 'datepicker', 'timepicker', ...CHOICES, ...SELECTS];

/** Which elements each place takes, by Slack's reference pages (its types are more generous). */
const ELEMENTS_BY_PLACE = {
  accessory: [...ALWAYS, 'image', ...MULTI_SELECTS],
  actions: [...ALWAYS, 'datetimepicker'],
  card: ['button'],
  contextActions: ['feedback_buttons', 'icon_button'],
  input: [
    ...CHOICES,
    ...SELECTS,
    ...MULTI_SELECTS,
    'datepicker',
    'timepicker',
    'datetimepicker',
    'plain_text_input',
    'rich_text_input',
    'email_text_input',
    'url_text_input',
    'number_input',
    'file_input',
  ],
} satisfies Record<string, readonly string[]>;

const OWN = 'type action_id';
const PICKED = `${OWN} confirm focus_on_load`;
const MENU = `${PICKED} placeholder`;
const MANY = `${MENU} max_selected_items`;
const TYPED = `${OWN} placeholder initial_value dispatch_action_config focus_on_load`;
const LENGTHS = `${TYPED} min_length max_length`;
const CONVERSATION = 'default_to_current_conversation filter';

/** The properties of each element, and what else must hold. */
const ELEMENTS: Readonly<Record<string, { keys: string; check: ElementCheck }>> = {
  button: { keys: `${OWN} text url value style confirm accessibility_label`, check: checkButton },
  overflow: { keys: `${OWN} options confirm`, check: checkOverflow },
  image: { keys: 'type image_url slack_file alt_text', check: checkImageElement },
  feedback_buttons: { keys: `${OWN} positive_button negative_button`, check: checkFeedback },
  icon_button: {
    keys: `${OWN} icon text value confirm accessibility_label visible_to_user_ids`,
    check: checkButton,
  },
  checkboxes: { keys: `${PICKED} options initial_options`, check: checkChoice },
  radio_buttons: { keys: `${PICKED} options initial_option`, check: checkChoice },
  static_select: { keys: `${MENU} options option_groups initial_option`, check: checkSelect },
  external_select: { keys: `${MENU} initial_option min_query_length`, check: checkSelect },
  users_select: { keys: `${MENU} initial_user`, check: checkSelect },
  conversations_select: {
    keys: `${MENU} initial_conversation response_url_enabled ${CONVERSATION}`,
    check: checkSelect,
  },
  channels_select: { keys: `${MENU} initial_channel response_url_enabled`, check: checkSelect },
  multi_static_select: {
    keys: `${MANY} options option_groups initial_options`,
    check: checkSelect,
  },
  multi_external_select: { keys: `${MANY} initial_options min_query_length`, check: checkSelect },
  multi_users_select: { keys: `${MANY} initial_users`, check: checkSelect },
  multi_conversations_select: {
    keys: `${MANY} initial_conversations ${CONVERSATION}`,
    check: checkSelect,
  },
  multi_channels_select: { keys: `${MANY} initial_channels`, check: checkSelect },
  datepicker: { keys: `${MENU} initial_date`, check: checkPicker },
  timepicker: { keys: `${MENU} initial_time timezone`, check: checkPicker },
  datetimepicker: { keys: `${PICKED} initial_date_time`, check: checkPicker },
  plain_text_input: { keys: `${LENGTHS} multiline`, check: checkTextInput },
  email_text_input: { keys: TYPED, check: checkTextInput },
  url_text_input: { keys: TYPED, check: checkTextInput },
  number_input: {
    keys: `${TYPED} is_decimal_allowed min_value max_value`,
    check: checkNumberInput,
  },
  rich_text_input: { keys: `${TYPED} min_lines max_lines`, check: checkRichTextInput },
  file_input: { keys: `${OWN} filetypes max_files`, check: checkFileInput },
};

/** Checks one interactive element (or image) in the place where it stands. */
export function checkElement(
  report: Report,
  pointer: string,
  value: unknown,
  place: keyof typeof ELEMENTS_BY_PLACE,
): void {
  if (!isRecord(value)) {
    report(pointer, 'must be an object');
    return;
  }
  const type = String(value.type);
  const known = Object.hasOwn(ELEMENTS, type) ? ELEMENTS[type] : undefined;
  if (known === undefined || !ELEMENTS_BY_PLACE[place].includes(type)) {
    report(`${pointer}/type`, `unsupported type: ${type}`);
    return;
  }
  checkKeys(report, pointer, value, known.keys.split(' '));
  checkString(report, `${pointer}/action_id`, value.action_id, LIMITS.actionId, 1);
  const placeholder = { max: LIMITS.placeholder, kind: PLAIN };
  checkOptionalText(report, `${pointer}/placeholder`, value.placeholder, placeholder);
  checkConfirm(report, `${pointer}/confirm`, value.confirm);
  known.check(report, pointer, value);
}

function checkButton(report: Report, pointer: string, button: JsonRecord): void {
  const limits = LIMITS.button;
  checkText(report, `${pointer}/text`, button.text, { max: limits.text, kind: PLAIN });
  checkString(report, `${pointer}/value`, button.value, limits.value, 1);
  checkString(report, `${pointer}/url`, button.url, limits.url, 1);
  const label = button.accessibility_label;
  checkString(report, `${pointer}/accessibility_label`, label, limits.accessibilityLabel, 1);
  checkStyle(report, pointer, button);
}

function checkFeedback(report: Report, pointer: string, element: JsonRecord): void {
  for (const key of ['positive_button', 'negative_button']) {
    const button = element[key];
    if (isRecord(button)) checkButton(report, `${pointer}/${key}`, button);
    else report(`${pointer}/${key}`, `missing required field: ${key}`);
  }
}

function checkOverflow(report: Report, pointer: string, overflow: JsonRecord): void {
  const max = LIMITS.overflow.options;
  const options = checkList(report, `${pointer}/options`, overflow.options, max);
  for (const [index, option] of options.entries()) {
    checkOption(report, `${pointer}/options/${index}`, option, { url: true, markdown: false });
  }
}

export function checkImageElement(report: Report, pointer: string, image: JsonRecord): void {
  const limits = LIMITS.image;
  if (image.alt_text === undefined)
    report(`${pointer}/alt_text`, 'missing required field: alt_text');
  checkString(report, `${pointer}/alt_text`, image.alt_text, limits.altText, 1);
  checkString(report, `${pointer}/image_url`, image.image_url, limits.url, 1);
  if ((image.image_url === undefined) === (image.slack_file === undefined)) {
    report(pointer, 'must have either image_url or slack_file');
  }
}
