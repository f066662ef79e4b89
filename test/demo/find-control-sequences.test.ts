import { describe, expect, it } from 'vitest';
import { findControlSequences } from '../../demo/slack/find-control-sequences.ts';

const HOSTILE = 'Hi <!channel> <https://evil.example|Accept> <@U1> <#C1>';

describe('findControlSequences', () => {
  it.each([
    ['fallback text', { text: HOSTILE }, 4],
    ['mrkdwn', { blocks: [{ type: 'section', text: { type: 'mrkdwn', text: HOSTILE } }] }, 4],
    ['escaped mrkdwn', { text: HOSTILE.replaceAll('<', '&lt;').replaceAll('>', '&gt;') }, 0],
    [
      'plain_text',
      { blocks: [{ type: 'header', text: { type: 'plain_text', text: HOSTILE } }] },
      0,
    ],
    ['rich text', { blocks: [richText({ type: 'text', text: HOSTILE })] }, 0],
    ['rich text that pings', { blocks: [richText({ type: 'broadcast', range: 'here' })] }, 1],
    ['markdown block', { blocks: [{ type: 'markdown', text: HOSTILE }] }, 4],
    ['an arithmetic sign', { text: 'employees < 200 and > 10' }, 0],
  ])('%s', (_what, message, count) => {
    expect(findControlSequences(message)).toHaveLength(count);
  });
});

function richText(element: object): object {
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [element] }],
  };
}
