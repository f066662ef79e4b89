import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BLOCK_KIT_LIMITS, CHARACTERS_PER_BLOCK } from '../../demo/slack/block-kit-limits.ts';
import { validateArguments } from '../../demo/slack/web-api.ts';
import { createSlackWorkspace, type SlackWorkspace } from '../../demo/slack/workspace.ts';

/*
 * One case for each limit in the table: with the most that Slack takes it passes, with one more (of a
 * `...Min`, one less) it is found where it stands, and the workspace double refuses the call as Slack does.
 */

type Content = Record<string, unknown>;

interface LimitCase {
  /** A call that reaches the limit with `count` characters or items. */
  call: Call;
  make(count: number): Content;
  pointer: string;
  /** `invalid_blocks`, or `invalid_arguments` for views, unless told. */
  error?: string;
}

type Call = 'chat.postMessage' | 'chat.update' | 'views.open' | 'views.publish';

const chars = (count: number): string => 'x'.repeat(count);
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const button = (over: Content = {}) => ({
  type: 'button',
  action_id: 'go',
  text: plain('Go'),
  ...over,
});
const option = (over: Content = {}) => ({ text: plain('One'), value: 'one', ...over });
const options = (count: number) => times(count, (index) => option({ value: `o${index}` }));
const menu = (over: Content = {}) => ({ type: 'static_select', action_id: 'pick', ...over });
const confirm = (over: Content) => ({
  title: plain('Sure?'),
  text: plain('Really'),
  confirm: plain('Yes'),
  deny: plain('No'),
  ...over,
});
const image = (over: Content) => ({
  type: 'image',
  image_url: 'https://a.example/i.png',
  alt_text: 'A chart',
  ...over,
});
const cell = { type: 'raw_text', text: 'x' };
const row = (cells: number) => times(cells, () => cell);
const input = (element: Content, over: Content = {}) => ({
  type: 'input',
  block_id: 'input',
  label: plain('Label'),
  element: { action_id: 'pick', ...element },
  ...over,
});
const chart = (over: Content) => ({
  type: 'data_visualization',
  title: 'Leads',
  chart: { type: 'pie', segments: [{ label: 'A', value: 1 }] },
  ...over,
});
const modal = (over: Content, blocks: object[] = []): Content => ({
  view: { type: 'modal', title: plain('Title'), submit: plain('Save'), blocks, ...over },
});

function message(make: (count: number) => object, pointer: string): LimitCase {
  return {
    call: 'chat.postMessage',
    make: (count) => ({ text: 'Sample', blocks: [make(count)] }),
    pointer: `/blocks/0${pointer}`,
  };
}

const element = (make: (count: number) => object, pointer: string): LimitCase =>
  message((count) => ({ type: 'actions', elements: [make(count)] }), `/elements/0${pointer}`);

function inForm(make: (count: number) => object, pointer: string): LimitCase {
  return {
    call: 'views.open',
    make: (count) => modal({}, [make(count)]),
    pointer: `/view/blocks/0${pointer}`,
  };
}

function whole(
  call: Call,
  make: (count: number) => Content,
  pointer: string,
  error?: string,
): LimitCase {
  return { call, make, pointer, ...(error === undefined ? {} : { error }) };
}

const post = (make: (count: number) => Content, pointer: string, error?: string): LimitCase =>
  whole('chat.postMessage', make, pointer, error);
const open = (make: (count: number) => Content, pointer: string, error?: string): LimitCase =>
  whole('views.open', make, pointer, error);

const CASES: Readonly<Record<string, LimitCase>> = {
  'message.blocks': post(
    (count) => ({ text: 'x', blocks: times(count, () => ({ type: 'divider' })) }),
    '/blocks',
  ),
  'message.text': post((count) => ({ text: chars(count) }), '/text', 'msg_too_long'),
  'message.updateText': whole(
    'chat.update',
    (count) => ({ text: chars(count) }),
    '/text',
    'msg_too_long',
  ),
  'message.metadataBytes': post(
    (count) => {
      const metadata = { event_type: 'e', event_payload: { id: '' } };
      metadata.event_payload.id = chars(count - JSON.stringify(metadata).length);
      return { text: 'x', metadata };
    },
    '/metadata',
    'metadata_too_large',
  ),
  'message.characters': post(
    (count) => {
      const full = times(4, () => section(chars(3_000)));
      const rest = count - 4 * 3_000 - 5 * CHARACTERS_PER_BLOCK;
      return { text: 'x', blocks: [...full, section(chars(rest))] };
    },
    '/blocks',
    'msg_blocks_too_long',
  ),
  'message.markdown': post(
    (count) => ({
      text: 'x',
      blocks: [6_000, count - 6_000].map((each) => ({ type: 'markdown', text: chars(each) })),
    }),
    '/blocks',
  ),
  'message.tables': post(
    (count) => ({ text: 'x', blocks: times(count, () => ({ type: 'table', rows: [row(1)] })) }),
    '/blocks',
  ),
  'message.dataVisualizations': post(
    (count) => ({ text: 'x', blocks: times(count, () => chart({})) }),
    '/blocks',
  ),
  'view.blocks': whole(
    'views.publish',
    (count) => ({ view: { type: 'home', blocks: times(count, () => ({ type: 'divider' })) } }),
    '/view/blocks',
  ),
  'view.title': open((count) => modal({ title: plain(chars(count)) }), '/view/title/text'),
  'view.submit': open((count) => modal({ submit: plain(chars(count)) }), '/view/submit/text'),
  'view.close': open((count) => modal({ close: plain(chars(count)) }), '/view/close/text'),
  'view.privateMetadata': open(
    (count) => modal({ private_metadata: chars(count) }),
    '/view/private_metadata',
  ),
  'view.callbackId': open((count) => modal({ callback_id: chars(count) }), '/view/callback_id'),
  'view.externalId': open((count) => modal({ external_id: chars(count) }), '/view/external_id'),
  'view.bytes': open(
    (count) => {
      const blocks = times(100, () => section(chars(2_440)));
      const sizeOf = () => Buffer.byteLength(JSON.stringify(modal({}, blocks).view));
      blocks[0] = section(chars(2_440 + count - sizeOf()));
      return modal({}, blocks);
    },
    '/view',
    'view_too_large',
  ),
  'view.focused': open(
    (count) =>
      modal(
        {},
        times(count, (index) =>
          input({ type: 'plain_text_input', focus_on_load: true }, { block_id: `b${index}` }),
        ),
      ),
    '/view/blocks',
  ),
  blockId: message((count) => ({ type: 'divider', block_id: chars(count) }), '/block_id'),
  actionId: element((count) => button({ action_id: chars(count) }), '/action_id'),
  text: message(
    (count) => ({ type: 'context', elements: [mrkdwn(chars(count))] }),
    '/elements/0/text',
  ),
  'section.text': message((count) => section(chars(count)), '/text/text'),
  'section.fields': message(
    (count) => ({ type: 'section', fields: times(count, () => mrkdwn('x')) }),
    '/fields',
  ),
  'section.field': message(
    (count) => ({ type: 'section', fields: [mrkdwn(chars(count))] }),
    '/fields/0/text',
  ),
  'header.text': message((count) => ({ type: 'header', text: plain(chars(count)) }), '/text/text'),
  'context.elements': message(
    (count) => ({ type: 'context', elements: times(count, () => mrkdwn('x')) }),
    '/elements',
  ),
  'actions.elements': message(
    (count) => ({
      type: 'actions',
      elements: times(count, (index) => button({ action_id: `a${index}` })),
    }),
    '/elements',
  ),
  'contextActions.elements': message(
    (count) => ({
      type: 'context_actions',
      elements: times(count, (index) => ({
        type: 'icon_button',
        icon: 'trash',
        action_id: `a${index}`,
        text: plain('Go'),
      })),
    }),
    '/elements',
  ),
  'image.altText': message((count) => image({ alt_text: chars(count) }), '/alt_text'),
  'image.title': message((count) => image({ title: plain(chars(count)) }), '/title/text'),
  'image.url': message((count) => image({ image_url: chars(count) }), '/image_url'),
  'input.label': inForm(
    (count) => input({ type: 'plain_text_input' }, { label: plain(chars(count)) }),
    '/label/text',
  ),
  'input.hint': inForm(
    (count) => input({ type: 'plain_text_input' }, { hint: plain(chars(count)) }),
    '/hint/text',
  ),
  'video.title': message((count) => ({ type: 'video', title: plain(chars(count)) }), '/title/text'),
  'video.author': message(
    (count) => ({ type: 'video', title: plain('x'), author_name: chars(count) }),
    '/author_name',
  ),
  'card.title': message((count) => ({ type: 'card', title: mrkdwn(chars(count)) }), '/title/text'),
  'card.subtitle': message(
    (count) => ({ type: 'card', title: mrkdwn('x'), subtitle: mrkdwn(chars(count)) }),
    '/subtitle/text',
  ),
  'card.body': message((count) => ({ type: 'card', body: mrkdwn(chars(count)) }), '/body/text'),
  'carousel.cards': message(
    (count) => ({
      type: 'carousel',
      elements: times(count, () => ({ type: 'card', title: mrkdwn('x') })),
    }),
    '/elements',
  ),
  'container.title': message(
    (count) => ({ type: 'container', title: plain(chars(count)), child_blocks: [section('x')] }),
    '/title/text',
  ),
  'container.subtitle': message(
    (count) => ({
      type: 'container',
      title: plain('x'),
      subtitle: plain(chars(count)),
      child_blocks: [section('x')],
    }),
    '/subtitle/text',
  ),
  'container.children': message(
    (count) => ({
      type: 'container',
      title: plain('x'),
      child_blocks: times(count, () => ({ type: 'divider' })),
    }),
    '/child_blocks',
  ),
  'table.rows': message((count) => ({ type: 'table', rows: times(count, () => row(1)) }), '/rows'),
  'table.cells': message((count) => ({ type: 'table', rows: [row(count)] }), '/rows/0'),
  'table.columnSettings': message(
    (count) => ({ type: 'table', rows: [row(1)], column_settings: times(count, () => ({})) }),
    '/column_settings',
  ),
  'dataTable.rowsMin': message(
    (count) => ({ type: 'data_table', caption: 'x', rows: times(count, () => row(1)) }),
    '/rows',
  ),
  'dataTable.rows': message(
    (count) => ({ type: 'data_table', caption: 'x', rows: times(count, () => row(1)) }),
    '/rows',
  ),
  'dataTable.cells': message(
    (count) => ({ type: 'data_table', caption: 'x', rows: [row(1), row(count)] }),
    '/rows/1',
  ),
  'dataTable.pageSizeMin': message(
    (count) => ({ type: 'data_table', caption: 'x', rows: [row(1), row(1)], page_size: count }),
    '/page_size',
  ),
  'dataTable.pageSize': message(
    (count) => ({ type: 'data_table', caption: 'x', rows: [row(1), row(1)], page_size: count }),
    '/page_size',
  ),
  'dataVisualization.title': message((count) => chart({ title: chars(count) }), '/title'),
  'dataVisualization.segments': message(
    (count) => chart({ chart: { type: 'pie', segments: times(count, () => ({})) } }),
    '/chart/segments',
  ),
  'dataVisualization.series': message(
    (count) => chart({ chart: { type: 'bar', series: times(count, () => ({})) } }),
    '/chart/series',
  ),
  'button.text': element((count) => button({ text: plain(chars(count)) }), '/text/text'),
  'button.value': element((count) => button({ value: chars(count) }), '/value'),
  'button.url': element((count) => button({ url: chars(count) }), '/url'),
  'button.accessibilityLabel': element(
    (count) => button({ accessibility_label: chars(count) }),
    '/accessibility_label',
  ),
  'confirm.title': element(
    (count) => button({ confirm: confirm({ title: plain(chars(count)) }) }),
    '/confirm/title/text',
  ),
  'confirm.text': element(
    (count) => button({ confirm: confirm({ text: mrkdwn(chars(count)) }) }),
    '/confirm/text/text',
  ),
  'confirm.confirm': element(
    (count) => button({ confirm: confirm({ confirm: plain(chars(count)) }) }),
    '/confirm/confirm/text',
  ),
  'confirm.deny': element(
    (count) => button({ confirm: confirm({ deny: plain(chars(count)) }) }),
    '/confirm/deny/text',
  ),
  'option.text': element(
    (count) => menu({ options: [option({ text: plain(chars(count)) })] }),
    '/options/0/text/text',
  ),
  'option.value': element(
    (count) => menu({ options: [option({ value: chars(count) })] }),
    '/options/0/value',
  ),
  'option.description': element(
    (count) => menu({ options: [option({ description: plain(chars(count)) })] }),
    '/options/0/description/text',
  ),
  'option.url': element(
    (count) => menu({ type: 'overflow', options: [option({ url: chars(count) })] }),
    '/options/0/url',
  ),
  'optionGroup.label': element(
    (count) => menu({ option_groups: [{ label: plain(chars(count)), options: options(1) }] }),
    '/option_groups/0/label/text',
  ),
  'optionGroup.options': element(
    (count) => menu({ option_groups: [{ label: plain('x'), options: options(count) }] }),
    '/option_groups/0/options',
  ),
  'optionGroup.groups': element(
    (count) =>
      menu({ option_groups: times(count, () => ({ label: plain('x'), options: options(1) })) }),
    '/option_groups',
  ),
  'select.options': element((count) => menu({ options: options(count) }), '/options'),
  'select.maxSelectedMin': inForm(
    (count) => input({ type: 'multi_users_select', max_selected_items: count }),
    '/element/max_selected_items',
  ),
  'choice.options': element(
    (count) => menu({ type: 'checkboxes', options: options(count) }),
    '/options',
  ),
  'overflow.options': element(
    (count) => menu({ type: 'overflow', options: options(count) }),
    '/options',
  ),
  placeholder: element(
    (count) => menu({ options: options(1), placeholder: plain(chars(count)) }),
    '/placeholder/text',
  ),
  'plainTextInput.minLength': inForm(
    (count) => input({ type: 'plain_text_input', min_length: count }),
    '/element/min_length',
  ),
  'plainTextInput.maxLengthMin': inForm(
    (count) => input({ type: 'plain_text_input', max_length: count }),
    '/element/max_length',
  ),
  'plainTextInput.maxLength': inForm(
    (count) => input({ type: 'plain_text_input', max_length: count }),
    '/element/max_length',
  ),
  'plainTextInput.initialValue': inForm(
    (count) => input({ type: 'plain_text_input', initial_value: chars(count) }),
    '/element/initial_value',
  ),
  'richTextInput.linesMin': inForm(
    (count) => input({ type: 'rich_text_input', min_lines: count }),
    '/element/min_lines',
  ),
  'richTextInput.lines': inForm(
    (count) => input({ type: 'rich_text_input', max_lines: count }),
    '/element/max_lines',
  ),
  'fileInput.filesMin': inForm(
    (count) => input({ type: 'file_input', max_files: count }),
    '/element/max_files',
  ),
  'fileInput.files': inForm(
    (count) => input({ type: 'file_input', max_files: count }),
    '/element/max_files',
  ),
};

/** Path to number. */
function limitsIn(table: object, path = ''): [string, number][] {
  return Object.entries(table).flatMap(([key, value]): [string, number][] => {
    const at = path === '' ? key : `${path}.${key}`;
    return typeof value === 'number' ? [[at, value]] : limitsIn(value, at);
  });
}

const LIMITS = limitsIn(BLOCK_KIT_LIMITS);

describe('each limit of Slack', () => {
  let workspace: SlackWorkspace;
  let ts: string;

  beforeAll(async () => {
    workspace = await createSlackWorkspace({ rateLimits: 'off' });
    ts = String((await send('chat.postMessage', { text: 'Sample' })).ts);
  });

  afterAll(() => workspace.close());

  async function send(call: Call, content: Content): Promise<Content> {
    const user = workspace.users.repOne.id;
    const where = {
      'chat.postMessage': { channel: workspace.channelId('leads-growth') },
      'chat.update': { channel: workspace.channelId('leads-growth'), ts },
      'views.open': {},
      'views.publish': { user_id: user },
    }[call];
    const trigger =
      call === 'views.open'
        ? { trigger_id: await workspace.interactions.views.mintTrigger(user) }
        : {};
    const response = await fetch(`${workspace.apiUrl}${call}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${workspace.botToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ ...where, ...trigger, ...content }),
    });
    return (await response.json()) as Content;
  }

  it('has a case', () => {
    expect(Object.keys(CASES)).toEqual(LIMITS.map(([path]) => path));
  });

  it.each(LIMITS)('%s, %d: kept it passes, broken it is refused', async (path, limit) => {
    const each = CASES[path];
    if (each === undefined) throw new Error(`no case for ${path}`);
    const { call, make, pointer } = each;
    expect(validateArguments(call, make(limit))).toEqual([]);

    const broken = make(path.endsWith('Min') ? limit - 1 : limit + 1);
    const found = validateArguments(call, broken).map((error) => error.pointer);
    expect([...new Set(found)]).toEqual([pointer]);

    const answer = await send(call, broken);
    const usual = call.startsWith('views.') ? 'invalid_arguments' : 'invalid_blocks';
    expect(answer).toMatchObject({ ok: false, error: each.error ?? usual });
    const [violation] = workspace.journal.takeViolations();
    expect(violation).toMatchObject({ method: call, errors: [{ pointer }] });
    expect(workspace.journal.all.at(-1)).toMatchObject({ committed: false });
  });
});
