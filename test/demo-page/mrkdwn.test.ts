import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockKeys } from '../../demo/page/blocks/block-keys.ts';
import { mrkdwnToLine, mrkdwnToRichText, mrkdwnToWords } from '../../demo/page/blocks/mrkdwn.ts';
import { answerOf, answersOf } from '../../demo/server/answers.ts';
import { boardMessage } from './stub-app.ts';

/** The elements of the one section that the text becomes. */
function inline(text: string): unknown {
  return mrkdwnToRichText(text).elements[0]?.elements;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join('');
  if (typeof value !== 'object' || value === null) return '';
  const { text, elements } = value as { text?: unknown; elements?: unknown };
  return typeof text === 'string' ? text : textOf(elements);
}

describe('mrkdwn as Slack reads it', () => {
  it.each([
    ['*bold* text', [{ type: 'text', text: 'bold', style: { bold: true } }, { text: ' text' }]],
    ['2*3*4', [{ text: '2*3*4' }]],
    ['* no bold*', [{ text: '* no bold*' }]],
    ['*_both_*', [{ text: 'both', style: { bold: true, italic: true } }]],
    ['`*code*`', [{ text: '*code*', style: { code: true } }]],
    ['<@U1> in <#C1>', [{ user_id: 'U1' }, { text: ' in ' }, { channel_id: 'C1' }]],
    ['<https://a.example|x &amp; y>', [{ type: 'link', url: 'https://a.example', text: 'x & y' }]],
    ['<!date^0^{nothing}|then>', [{ text: '{nothing}' }]],
    ['<!date^x^{date}|then>', [{ text: 'then' }]],
  ])('%s', (text, expected) => {
    expect(inline(text)).toMatchObject(expected);
  });

  it.each([
    ['&lt;!channel&gt; &lt;https://evil.example|x&gt;', '<!channel> <https://evil.example|x>'],
    ['[a](https://evil.example)', '[a](https://evil.example)'],
    ['&amp;lt;b&amp;gt;', '&lt;b&gt;'],
    ['<javascript:alert(1)|safe>', 'safe'],
  ])('escaped or foreign markup stays text: %s', (text, expected) => {
    expect(inline(text)).toEqual([{ type: 'text', text: expected }]);
  });

  it('keeps fences and quotes as blocks', () => {
    const { elements } = mrkdwnToRichText('before\n```a *b*```\n&gt; quoted\nafter');
    expect(elements.map(({ type }) => type)).toEqual([
      'rich_text_section',
      'rich_text_preformatted',
      'rich_text_quote',
      'rich_text_section',
    ]);
  });

  it('never throws, and loses no letter that is no markup', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab *_~`<>&|!@#:\n'), maxLength: 60 }),
        (text) => {
          const kept = textOf(mrkdwnToRichText(text).elements);
          const letters = (value: string) => value.replace(/[^ab]/g, '').length;
          expect(letters(kept)).toBeLessThanOrEqual(letters(text));
          if (!/[<:]/.test(text)) expect(letters(kept)).toBe(letters(text));
        },
      ),
    );
  });
});

describe('a message in one line', () => {
  const names = {
    users: [{ id: 'U1', name: 'Rae Sample' }],
    channels: [{ id: 'C1', name: 'leads-growth' }],
  };

  it.each([
    ['<@U1> took *L-4F7K* in <#C1>', '@Rae Sample took L-4F7K in #leads-growth'],
    ['<@U2> is new', '@U2 is new'],
    ['first line\nsecond line', 'first line'],
    ['&lt;@U1&gt; `/firstcall`', '<@U1> /firstcall'],
    ['see <https://a.example|the page>', 'see the page'],
    ['<!date^x^{date}|then>', 'then'],
    ['', ''],
  ])('%j reads %j', (text, line) => {
    expect(mrkdwnToLine(text, names)).toBe(line);
  });

  it('and all of it, spoken', () => {
    expect(mrkdwnToWords('*Health*\n<@U1>: ok', names)).toBe('Health\n@Rae Sample: ok');
  });
});

describe('block keys', () => {
  it('stay with their lead when the board is ranked anew', () => {
    const keysOf = (shortIds: string[]) =>
      blockKeys(boardMessage(shortIds).blocks as Parameters<typeof blockKeys>[0]);
    const before = keysOf(['L-AAAA', 'L-BBBB']);
    expect(keysOf(['L-BBBB', 'L-AAAA'])).toEqual([...before.slice(3), ...before.slice(0, 3)]);
    expect(new Set(before).size).toBe(before.length);
  });
});

describe('answers from what Slack would send', () => {
  it('names an option by its value, and leaves text, lists and nothing as they are', () => {
    const option = { text: { type: 'plain_text', text: 'Tier B' }, value: 'B' };
    expect(answerOf({ type: 'radio_buttons', selected_option: option })).toBe('B');
    expect(answerOf({ type: 'checkboxes', selected_options: [option] })).toEqual(['B']);
    expect(answerOf({ type: 'users_select', selected_user: 'U1' })).toBe('U1');
    expect(answerOf({ type: 'plain_text_input', value: 'note' })).toBe('note');
    expect(answerOf({ type: 'static_select', selected_option: null })).toBeNull();
  });

  it('names each input by its block and its own id, which may come again elsewhere', () => {
    const text = (value: string) => ({ type: 'plain_text_input', value });
    expect(answersOf({ a: { same: text('1') }, b: { same: text('2'), other: text('3') } })).toEqual(
      {
        'a/same': '1',
        'b/same': '2',
        'b/other': '3',
      },
    );
  });
});
