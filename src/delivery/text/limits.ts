/** Slack's Block Kit limits, in UTF-16 units or items. Where Slack publishes none, ours is named so. */
export const SLACK_LIMITS = {
  messageBlocks: 50,
  viewBlocks: 100,
  /** Not published: beyond about 13,200 characters in all, Slack answers `msg_blocks_too_long`. */
  messageCharacters: 13_000,
  /** chat.update refuses more than 4,000; notifications show far less. */
  fallbackText: 3_000,
  sectionText: 3_000,
  headerText: 150,
  contextElements: 10,
  actionsElements: 25,
  blockId: 255,
  actionId: 255,
  buttonText: 75,
  buttonValue: 2_000,
  accessibilityLabel: 75,
  url: 3_000,
  overflowOptions: 5,
  selectOptions: 100,
  checkboxOptions: 10,
  radioOptions: 10,
  optionText: 75,
  optionDescription: 75,
  optionValue: 75,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  modalTitle: 24,
  modalButton: 24,
  privateMetadata: 3_000,
  inputLabel: 2_000,
  placeholder: 150,
  plainTextInput: 3_000,
  /** Not published: larger views are refused with `view_too_large`. */
  viewBytes: 250_000,
  /** Ours: Slack publishes no limit for rich_text; a section's serves. */
  richText: 3_000,
} as const;

/** How much of each lead value a list shows: ten leads of the longest input fit one message. */
export const LEAD_TEXT_LIMITS = {
  person: 60,
  title: 60,
  company: 60,
  /** Of who has the lead. */
  rep: 40,
  asked: 140,
  why: 120,
  /** The strongest line in the other direction, on the same line. */
  other: 60,
  /** One line of the why modal, and of the hot lead message. */
  reason: 240,
  crmUrl: 300,
} as const;
