/**
 * Slack's limits, each the most that it takes (`...Min`: the least), in characters or items unless the
 * name says otherwise. Sources: @slack/types 3.2.0 and its reference pages. A test goes through them all.
 */
export const BLOCK_KIT_LIMITS = {
  message: {
    blocks: 50,
    text: 40_000,
    updateText: 4_000,
    metadataBytes: 16_000,
    /**
     * All `text` in the blocks together, plus `charactersPerBlock` for each block. Slack does not
     * document the sum; this one refuses what reports say it refuses (11,341 in 45 blocks) and takes
     * what they say it takes (9,597 in 50 blocks): bolt-js issues 2509 and 2867.
     */
    characters: 13_200,
    /** Of all markdown blocks together, and of `markdown_text`. */
    markdown: 12_000,
    tables: 1,
    dataVisualizations: 2,
  },
  view: {
    blocks: 100,
    title: 24,
    submit: 24,
    close: 24,
    privateMetadata: 3_000,
    callbackId: 255,
    externalId: 255,
    bytes: 250_000,
    /** Elements with `focus_on_load`. */
    focused: 1,
  },
  blockId: 255,
  actionId: 255,
  /** A text object, where its place has no limit of its own. */
  text: 3_000,
  section: { text: 3_000, fields: 10, field: 2_000 },
  header: { text: 150 },
  context: { elements: 10 },
  actions: { elements: 25 },
  contextActions: { elements: 5 },
  image: { altText: 2_000, title: 2_000, url: 3_000 },
  input: { label: 2_000, hint: 2_000 },
  video: { title: 199, author: 49 },
  card: { title: 150, subtitle: 150, body: 200 },
  carousel: { cards: 10 },
  container: { title: 150, subtitle: 150, children: 10 },
  table: { rows: 100, cells: 20, columnSettings: 20 },
  /** With the row of headings. */
  dataTable: { rowsMin: 2, rows: 101, cells: 20, pageSizeMin: 1, pageSize: 100 },
  dataVisualization: { title: 50, segments: 6, series: 6 },
  button: { text: 75, value: 2_000, url: 3_000, accessibilityLabel: 75 },
  confirm: { title: 100, text: 300, confirm: 30, deny: 30 },
  option: { text: 75, value: 75, description: 75, url: 3_000 },
  optionGroup: { label: 75, options: 100, groups: 100 },
  select: { options: 100, maxSelectedMin: 1 },
  choice: { options: 10 },
  overflow: { options: 5 },
  placeholder: 150,
  plainTextInput: { minLength: 3_000, maxLengthMin: 1, maxLength: 3_000, initialValue: 3_000 },
  richTextInput: { linesMin: 1, lines: 100 },
  fileInput: { filesMin: 1, files: 10 },
} as const;

/** What each block counts for in the size of a message, besides its text. */
export const CHARACTERS_PER_BLOCK = 50;
