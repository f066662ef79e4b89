import { setTimeout as pause } from 'node:timers/promises';
import { compileRuleset, type Ruleset } from '../src/scoring/compile-ruleset.ts';
import type { FeatureSnapshot } from '../src/scoring/features.ts';
import { readTime } from '../src/scoring/read-time.ts';
import { scoreKnown } from '../src/scoring/score-known.ts';
import { scoreLead } from '../src/scoring/score-lead.ts';
import { celPeer } from './scoring/cel-peer.ts';
import { checkAgreement } from './scoring/check-agreement.ts';
import type { PeerScore } from './scoring/fired-rules.ts';
import { scoreByHand } from './scoring/handwritten.ts';
import { generateLeads, NOW } from './scoring/leads.ts';
import { jsonLogicPeer, jsonRulesPeer, type Peer } from './scoring/peers.ts';
import { benchRules } from './scoring/rule-pack.ts';

const SEED = 20_260_603;
const ROUNDS = 5;

/** Leads per second of each, the median of five rounds in which all take turns. */
export async function run({ quick }: { quick: boolean }): Promise<Record<string, number>> {
  const count = quick ? 1_000 : 10_000;
  const leads = generateLeads(count, SEED);
  const ruleset = compiled('generated');
  await checkAgreement(ruleset, leads);
  say(
    `25 rules, ${count} leads, a tenth of the fields missing; all agree on scores and fired rules`,
  );
  const contenders = contendersFor(ruleset);
  const rates = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, { score, share }] of contenders) {
      const some = leads.slice(0, Math.max(100, Math.floor(count * share)));
      const rate = await leadsPerSecond(score, some, quick ? 0.1 : 1);
      rates.set(name, [...(rates.get(name) ?? []), rate]);
    }
  }
  const medians = new Map([...rates].map(([name, all]) => [name, median(all)]));
  const rateOf = (name: string) => medians.get(name) ?? Number.NaN;
  const ours = rateOf('ours');
  for (const [name, { what }] of contenders) {
    const all = (rates.get(name) ?? []).map((rate) => Math.round(rate)).join(' ');
    const ratio = (rateOf(name) / ours).toPrecision(3);
    say(`  ${what}: ${Math.round(rateOf(name))} leads/s, ${ratio} of ours (${all})`);
  }
  const rangeUs = 1e6 / rateOf('full') - 1e6 / ours;
  say(
    `  range, possible tiers and what each missing field could change: ${rangeUs.toFixed(1)} us more`,
  );
  return {
    leads_per_s: ours,
    vs_handwritten: ours / rateOf('hand'),
    vs_json_rules_engine: ours / rateOf('json_rules'),
    vs_json_logic_engine: ours / rateOf('json_logic'),
    vs_cel_js: ours / rateOf('cel'),
  };
}

interface Contender {
  what: string;
  score: Peer;
  /** Slow ones take fewer leads, so that a round does not take minutes. */
  share: number;
}

function contendersFor(ruleset: Ruleset): [string, Contender][] {
  const closures = compiled('closures');
  const now = NOW.getTime();
  const asked = { unknown: true };
  const each = (score: (lead: FeatureSnapshot) => PeerScore): Peer => {
    return async (leads, _now, take) => {
      for (const lead of leads) take(score(lead));
    };
  };
  return [
    [
      'ours',
      entry(
        'ours, every reason and unknown',
        each((lead) => scoreKnown(ruleset, lead, NOW)),
      ),
    ],
    [
      'hand',
      entry(
        'hand-written, the same',
        each((lead) => scoreByHand(lead, now)),
      ),
    ],
    [
      'hand_time',
      entry(
        'hand-written, with our reader of times',
        each((lead) => scoreByHand(lead, now, readTime)),
      ),
    ],
    [
      'full',
      entry(
        'ours, with the range as well',
        each((lead) => scoreLead(ruleset, lead, NOW)),
      ),
    ],
    [
      'closures',
      entry(
        'ours by closures',
        each((lead) => scoreKnown(closures, lead, NOW)),
      ),
    ],
    ['json_logic', entry('json-logic-engine (built), unknowns too', jsonLogicPeer(asked))],
    ['cel', entry('@marcbachmann/cel-js, fired rules only', celPeer(), 0.2)],
    ['json_rules', entry('json-rules-engine, unknowns too', jsonRulesPeer(asked), 0.1)],
    ['json_logic_fired', entry('json-logic-engine (built), fired rules only', jsonLogicPeer())],
    ['json_rules_fired', entry('json-rules-engine, fired rules only', jsonRulesPeer(), 0.1)],
  ];
}

function entry(what: string, score: Peer, share = 1): Contender {
  return { what, score, share };
}

function compiled(engine: 'generated' | 'closures'): Ruleset {
  const result = compileRuleset(benchRules(), { version: 1, hash: 'bench' }, { engine });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.ruleset;
}

/** By processor time. Passes over the leads until `seconds` are gone; every reason is read. */
async function leadsPerSecond(
  score: Peer,
  leads: readonly FeatureSnapshot[],
  seconds: number,
): Promise<number> {
  await pause(5);
  globalThis.gc?.();
  const startedAt = processorSeconds();
  let scored = 0;
  let elapsed = 0;
  while (elapsed < seconds) {
    await score(leads, NOW.getTime(), consume);
    scored += leads.length;
    elapsed = processorSeconds() - startedAt;
  }
  return scored / elapsed;
}

/** What the main thread has used: another one on the machine does not count. */
function processorSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}

let consumed = 0;

/** Reads all there is to read, so that nothing can be left undone. */
function consume({ points, reasons }: PeerScore): void {
  consumed = (consumed + points) % 1_000_003;
  for (const { ruleId, kind, text, fields, points: given } of reasons) {
    consumed += ruleId.length + kind.length + text.charCodeAt(text.length - 1) + given;
    for (const { name, value } of fields) consumed += name.length + (value === null ? 1 : 0);
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
