import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText, escapeMrkdwn, fitLine } from '../../../src/delivery/text/escape.ts';
import { proportion, signed } from '../../../src/delivery/text/numbers.ts';
import { dateToken, dueIn, duration, urgency } from '../../../src/delivery/text/time.ts';
import { truncate } from '../../../src/delivery/text/truncate.ts';
import { minutesFrom, NOW } from '../../support/fake-lead-views.ts';
import { hostileText } from '../../support/hostile-views.ts';

describe('truncate', () => {
  test('never longer than asked, never half a character', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 200 }), (text, max) => {
        const cut = truncate(text.toWellFormed(), max);
        expect(cut.length).toBeLessThanOrEqual(max);
        expect(cut.isWellFormed()).toBe(true);
      }),
    );
  });

  test('keeps what a reader sees as one character in one piece', () => {
    const family = '👩‍👩‍👧‍👦';
    expect(truncate(family.repeat(3), family.length + 2)).toBe(`${family}…`);
  });

  test('cuts one endless character all the same', () => {
    expect(truncate(`a${'\u0301'.repeat(500)}`, 20)).toHaveLength(20);
  });
});

describe('escapeMrkdwn', () => {
  test('leaves nothing that Slack would act on, at most the length asked for', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 300 }), (text, max) => {
        const escaped = escapeMrkdwn(text, max);
        expect(escaped.length).toBeLessThanOrEqual(max);
        expect(escaped).not.toMatch(/[<>\n]/);
        expect(escaped.replaceAll(/&(amp|lt|gt);/g, '')).not.toContain('&');
        expect(escaped).not.toMatch(/[*~`:][\p{L}\p{N}]|(?<![A-Za-z0-9])_[\p{L}\p{N}]/u);
      }),
    );
  });

  test('what is copied is what was meant: an underscore within a word formats nothing', () => {
    for (const text of ['America/New_York', 'kim_sample@example.com', 'lead.email_kind', 'a_b_c']) {
      expect(escapeMrkdwn(text, 80)).toBe(text);
    }
    expect(escapeMrkdwn('_a_ é_b c_', 80)).toBe('_\u200Ba_\u200B é_\u200Bb c_\u200B');
  });

  test('an ordinary name stays as it is', () => {
    expect(escapeMrkdwn('Zoë O’Sample, R&D', 80)).toBe('Zoë O’Sample, R&amp;D');
  });
});

test('cleaning takes out direction marks, controls, lone surrogates and piled marks', () => {
  expect(cleanText('a\u202Eb\u0000c\uFEFFd\uD800')).toBe('abcd\uFFFD');
  expect(cleanText(`e${'\u0301'.repeat(90)}`)).toBe(`e${'\u0301'.repeat(4)}`);
  expect(fitLine('one\r\n\ttwo', 20)).toBe('one two');
});

test.each([
  [12 * 60_000 + 59_000, 'due in 12 min'],
  [30_000, 'due in under 1 min'],
  [-60 * 60_000, 'overdue 1 h'],
  [-80 * 60_000, 'overdue 1 h 20 min'],
  [3 * 86_400_000, 'due in 3 days'],
])('%i ms is "%s"', (ms, words) => {
  expect(dueIn(new Date(NOW.getTime() + ms), NOW)).toBe(words);
});

test('durations are never negative', () => {
  expect(duration(-5 * 60_000)).toBe('5 min');
});

test('soon begins 15 minutes before, overdue with the moment itself', () => {
  expect(urgency(minutesFrom(NOW, 16), NOW)).toBe('later');
  expect(urgency(minutesFrom(NOW, 15), NOW)).toBe('soon');
  expect(urgency(minutesFrom(NOW, -0.01), NOW)).toBe('overdue');
});

test('a date token names the day when it is not close, and reads without Slack', () => {
  expect(dateToken(minutesFrom(NOW, 12), NOW)).toBe(
    '<!date^1773153300^{time}|2026-03-10 14:35 UTC>',
  );
  expect(dateToken(minutesFrom(NOW, 1_200), NOW)).toContain('{date_short_pretty} at {time}');
});

test('signs and shares', () => {
  expect([signed(20), signed(-5), signed(0)]).toEqual(['+20', '−5', '0']);
  const few = { hits: 3, n: 7, rate: null, low: null, high: null };
  expect(proportion(few, 20)).toBe('3 of 7, too few for a rate (needs 20)');
  const many = { hits: 23, n: 140, rate: 0.164, low: 0.112, high: 0.234 };
  expect(proportion(many, 20)).toBe('23 of 140, 16% (95% interval 11 to 23%)');
});

describe('what people are told to do', () => {
  test('is never to edit a file: the rules folder seeds version 1 and changes nothing later', async () => {
    const folder = join(import.meta.dirname, '../../../src/delivery');
    const told = (await readdir(folder, { recursive: true })).filter((name) =>
      /^text\/.*\.ts$|render-notice\.ts$/.test(name),
    );
    expect(told.length).toBeGreaterThan(10);
    for (const name of told) {
      expect(await readFile(join(folder, name), 'utf8'), name).not.toContain('routing.yml');
    }
  });
});
