import type { Answer, Answers } from '../slack/form-state.ts';
import type { ElementValue, SurfaceValues } from './page-state.ts';

/** The page speaks in Slack's `state.values`; a person of the workspace double answers by name. */
export function answersOf(values: SurfaceValues): Answers {
  const answers: Record<string, Answer> = {};
  for (const [blockId, actions] of Object.entries(values)) {
    const entries = Object.entries(actions);
    for (const [actionId, value] of entries) {
      // Action ids may come again in another block; block ids do not, but may hold several elements.
      answers[entries.length === 1 ? blockId : actionId] = answerOf(value);
    }
  }
  return answers;
}

/** An option's value, several, a picked id or date, or text. */
export function answerOf(value: ElementValue): Answer {
  for (const [key, held] of Object.entries(value)) {
    if (key === 'type' || key === 'text') continue;
    if (held === null || held === undefined) return null;
    if (Array.isArray(held)) return held.map(nameOf);
    return nameOf(held);
  }
  return null;
}

function nameOf(held: unknown): string {
  const option = held as { value?: unknown } | string | number;
  return typeof option === 'object' ? String(option.value ?? '') : String(option);
}
