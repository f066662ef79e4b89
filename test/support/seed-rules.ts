import { readdirSync, readFileSync } from 'node:fs';
import type { RuleFiles } from '../../src/scoring/compile-ruleset.ts';
import type { FeatureSnapshot, FeatureValue } from '../../src/scoring/features.ts';

const FOLDER = new URL('../../scoring-rules/', import.meta.url);

/** The rule files that ship with the project. */
export function seedFiles(): RuleFiles {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.yml'));
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8')]),
  );
}

/** A lead with these fields and no others, under the signals that the seed rules declare. */
export function sampleSnapshot(
  fields: Record<string, FeatureValue | null> = {},
  signals: FeatureSnapshot['signals'] = [],
): FeatureSnapshot {
  const declaredSignals = [
    'demo_requested',
    'docs_viewed',
    'event_attended',
    'integration_connected',
    'pricing_viewed',
    'teammate_invited',
    'trial_started',
    'webinar_attended',
  ];
  return { fields, signals, declaredSignals };
}
