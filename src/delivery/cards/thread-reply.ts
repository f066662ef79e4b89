import type { RichTextElement } from '@slack/types';
import { contrastText } from '../../scoring/contrast-assessments.ts';
import { br, richText, span } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { escapeMrkdwn, fitLine } from '../text/escape.ts';
import { LEAD_TEXT_LIMITS } from '../text/limits.ts';
import { signed } from '../text/numbers.ts';
import { THREAD } from '../text/thread-words.ts';
import { dayToken, duration, richDay } from '../text/time.ts';
import { LEAD } from '../text/words.ts';
import type { ThreadNews, ThreadView } from '../views.ts';

/** More than this in one answer is a flood; Why has all of it. */
const LINES_SHOWN = 8;
const LINE_MAX = 300;
const CHANGES_SHOWN = 3;

/** What happened, a line each: words, and a moment where one is named. */
type Line = (string | Date)[];

/** One answer in the thread of a hot lead. Names are plain text: nobody is pinged. */
export function buildThreadReply({ news }: ThreadView): Message {
  const lines = news.slice(0, LINES_SHOWN).map(lineOf);
  if (news.length > LINES_SHOWN) lines.push([THREAD.more(news.length - LINES_SHOWN)]);
  return {
    text: lines.map(textOf).join('\n'),
    blocks: [richText(...lines.flatMap((line, index) => elementsOf(line, index)))],
  };
}

function lineOf(news: ThreadNews): Line {
  switch (news.kind) {
    case 'decision':
      return decisionLine(news);
    case 'undone':
      return [THREAD.undone(nameOf(news.byName, LEAD.someoneFirst), news.decision)];
    case 'score': {
      const was = contrastText(news.contrast, { most: CHANGES_SHOWN, sign: signed });
      return [THREAD.score(news.tier, news.points, was)];
    }
    case 'outcome':
      return [THREAD.outcome(news.outcome)];
    case 'closed':
      return [THREAD.closed(news.reason)];
  }
}

function decisionLine(news: Extract<ThreadNews, { kind: 'decision' }>): Line {
  const by = nameOf(news.byName, LEAD.someone);
  switch (news.decision) {
    case 'accepted':
      return [THREAD.accepted(by, news.afterMs === null ? null : duration(news.afterMs))];
    case 'overridden':
      return [THREAD.overridden(by, news.toTier, news.reason)];
    case 'disqualified':
      return [THREAD.disqualified(by, news.reason)];
    case 'snoozed':
      return news.snoozedUntil === null
        ? [THREAD.back(by)]
        : [THREAD.snoozed(by), news.snoozedUntil, THREAD.stop];
    case 'reassigned':
    case 'handed_over':
      return [
        news.to === null ? THREAD.back(by) : THREAD.given(by, nameOf(news.to.name, LEAD.someone)),
      ];
    case 'released':
      return [THREAD.released(by)];
  }
}

function nameOf(name: string | null, unknown: string): string {
  return fitLine(name ?? '', LEAD_TEXT_LIMITS.rep) || unknown;
}

function textOf(line: Line): string {
  return line
    .map((part) => (part instanceof Date ? dayToken(part) : spaced(part, escapeMrkdwn)))
    .join('');
}

function elementsOf(line: Line, index: number): RichTextElement[] {
  const parts = line.map((part) =>
    part instanceof Date ? richDay(part) : span(spaced(part, fitLine)),
  );
  return index === 0 ? parts : [br(), ...parts];
}

/** The space before a moment is ours: a line that came from elsewhere has none at its end. */
function spaced(text: string, clean: (text: string, max: number) => string): string {
  return `${clean(text, LINE_MAX)}${text.endsWith(' ') ? ' ' : ''}`;
}
