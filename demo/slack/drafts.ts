import type { JsonRecord } from '../doubles/json.ts';
import { type Answers, placeAnswers, stillAsked } from './form-state.ts';

/** What a person put into views and messages and did not send, as a Slack client keeps it. */
export interface Drafts {
  /** What was put in there, as far as it is still asked for, and these answers over it; kept by `put` only. */
  merged(key: string, blocks: readonly JsonRecord[], answers?: Answers): Answers;
  put(key: string, answers: Answers): void;
}

export function createDrafts(): Drafts {
  const kept = new Map<string, Answers>();
  return {
    merged: (key, blocks, answers = {}) => ({
      ...stillAsked(blocks, kept.get(key) ?? {}),
      ...placeAnswers(blocks, answers),
    }),
    put(key, answers) {
      kept.set(key, answers);
    },
  };
}
