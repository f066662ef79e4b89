import type { Assessment, Reason, ReasonKind, Tier } from './assessment.ts';
import { withSign } from './reason-lines.ts';
import { shorten } from './why-template.ts';

/** One thing that changed since, with what it did to the points. Plain text, unescaped. */
export interface Change {
  points: number;
  text: string;
}

/** What differs between two assessments of one lead. */
export interface Contrast {
  /** Of the earlier one. */
  tier: Tier;
  points: number;
  /** Strongest first; their points sum to the difference, exactly. */
  changes: Change[];
}

/** Null when a person would see the same tier from the same lines with the same points. */
export function contrastAssessments(before: Assessment, after: Assessment): Contrast | null {
  const then = linesByKey(before.reasons);
  const now = linesByKey(after.reasons);
  const changes = [...new Set([...then.keys(), ...now.keys()])]
    .flatMap((key) => changeOf(then.get(key) ?? NOTHING, now.get(key) ?? NOTHING))
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points) || (a.text < b.text ? -1 : 1));
  if (changes.length === 0 && before.tier === after.tier) return null;
  return { tier: before.tier, points: before.points, changes };
}

/** A rule with its decay, or a line that is neither. */
interface Line {
  line: Reason | null;
  /** Full points, before decay. */
  points: number;
  lost: number;
}

const NOTHING: Line = { line: null, points: 0, lost: 0 };

function linesByKey(reasons: readonly Reason[]): Map<string, Line> {
  const lines = new Map<string, Line>();
  for (const reason of reasons) {
    if (reason.kind === 'unknown' && reason.points === 0) continue;
    const isDecay = reason.kind === 'decay';
    const kind: ReasonKind = isDecay ? 'rule' : reason.kind;
    const key = JSON.stringify([kind, reason.axis, reason.ruleId]);
    const known = lines.get(key) ?? NOTHING;
    lines.set(key, {
      line: isDecay ? (known.line ?? reason) : reason,
      points: known.points + (isDecay ? 0 : reason.points),
      lost: known.lost + (isDecay ? reason.points : 0),
    });
  }
  return lines;
}

function changeOf(then: Line, now: Line): Change[] {
  const [before, after] = [then.points + then.lost, now.points + now.lost];
  const points = after - before;
  // A floor or a stop has no points and still matters when it comes or goes.
  const isSame = then.line !== null && now.line !== null;
  if (points === 0 && (isSame || (then.line ?? now.line)?.kind !== 'tier')) return [];
  if (now.line === null) return [{ points, text: `no longer: ${then.line?.text ?? ''}` }];
  const { text, kind } = now.line;
  if (!isSame || kind !== 'rule') return [{ points, text }];
  if (then.points !== now.points)
    return [{ points, text: `${text} (${after} instead of ${before})` }];
  // Time takes a rule towards 0, from either side.
  const isOlder = Math.abs(after) < Math.abs(before);
  return [{ points, text: `${text} (${isOlder ? 'longer ago' : 'more recent'})` }];
}

const MOST_TEXT = 80;

/** "Was B 58: +15 Viewed pricing 3 times in a month; -4 Started a trial (longer ago)"; `sign` writes points. */
export function contrastText(
  { tier, points, changes }: Contrast,
  { most = 4, sign = withSign }: { most?: number; sign?: (points: number) => string } = {},
): string {
  const rest = changes.slice(most);
  const sum = rest.reduce((all, change) => all + change.points, 0);
  const more = rest.length === 0 ? [] : [`${sign(sum)} by ${rest.length} more`];
  const shown = changes.slice(0, most).map((change) => {
    const text = shorten(change.text, MOST_TEXT);
    if (change.points === 0) return text;
    // "-20 450 employees" would be one number.
    return `${sign(change.points)} ${/^\d/.test(text) ? 'for ' : ''}${text}`;
  });
  const parts = [...shown, ...more].join('; ');
  return parts === '' ? `Was ${tier} ${points}` : `Was ${tier} ${points}: ${parts}`;
}
