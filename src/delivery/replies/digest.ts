import { context, header, mrkdwn, richLists, section, span } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { leadEntry, leadLine } from '../cards/lead-entry.ts';
import type { DigestView } from '../digest-view.ts';
import { DIGEST } from '../text/people-words.ts';
import { sentence } from './sentence.ts';

/** After an import of many outcomes a digest stays a digest. */
const OUTCOMES_TOLD = 5;

/** One person's morning: what waits, the best three and why, what came of their overrides. Null: nothing to say. */
export function buildDigest(view: DigestView, now: Date): Message | null {
  const { userId: viewer, waiting, overdue, best, outcomes, team } = view;
  const teamLine = team !== null && Object.values(team).some((n) => n > 0) ? team : null;
  if (waiting === 0 && outcomes.length === 0 && teamLine === null) return null;
  const title = waiting === 0 ? DIGEST.nothingWaits : DIGEST.title(waiting, overdue);
  const told = outcomes.slice(0, OUTCOMES_TOLD);
  const lines = [
    ...told.map(DIGEST.outcome),
    ...(outcomes.length > told.length ? [DIGEST.moreOutcomes(outcomes.length - told.length)] : []),
    ...(teamLine === null ? [] : [DIGEST.yesterday(teamLine)]),
  ];
  const text = [
    title,
    ...best.map((lead, index) => leadLine(lead, index + 1, now, { viewer })),
    ...lines,
  ];
  const place = { surface: 'notice', revision: 0, now, viewer } as const;
  return {
    text: text.join('\n'),
    blocks: [
      header(title),
      ...best.flatMap((lead, index) =>
        leadEntry(lead, { ...place, rank: index + 1, primary: index === 0 }),
      ),
      ...(waiting > best.length ? [section(DIGEST.more(waiting - best.length))] : []),
      ...richLists(lines.map((line) => [span(line)])),
      context(mrkdwn(DIGEST.foot)),
    ],
  };
}

/** In place of one that showed somebody who is erased. */
export function buildWithdrawnDigest(): Message {
  return sentence(DIGEST.withdrawn);
}
