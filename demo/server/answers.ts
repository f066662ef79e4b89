import type { Answer } from '../slack/element-state.ts';
import { type Answers, placeKey } from '../slack/form-state.ts';
import type { ElementValue, SurfaceValues } from './page-state.ts';

/** The page speaks in Slack's `state.values`; a person of the workspace double answers by place. */
export function answersOf(values: SurfaceValues): Answers {
  const answers: Record<string, Answer> = {};
  for (const [blockId, actions] of Object.entries(values)) {
    for (const [actionId, value] of Object.entries(actions)) {
      answers[placeKey(blockId, actionId)] = answerOf(value);
    }
  }
  return answers;
}

/** An option's value, several, a picked id or date, seconds, or text. */
export function answerOf(value: ElementValue): Answer {
  for (const [key, held] of Object.entries(value)) {
    if (key === 'type' || key === 'text') continue;
    if (held === null || held === undefined) return null;
    if (Array.isArray(held)) return held.map(nameOf);
    return typeof held === 'number' ? held : nameOf(held);
  }
  return null;
}

function nameOf(held: unknown): string {
  const option = held as { value?: unknown } | string | number;
  return typeof option === 'object' ? String(option.value ?? '') : String(option);
}
