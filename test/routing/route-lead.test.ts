import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chooseRep, type RepLoad } from '../../src/routing/choose-rep.ts';
import { type RoutingInput, routeLead } from '../../src/routing/route-lead.ts';
import { compileRuleset } from '../../src/scoring/compile-ruleset.ts';
import { FIELD_NAMES } from '../../src/scoring/features.ts';

const IDLE: RepLoad = {
  openByRep: new Map(),
  lastAssignedAtByRep: new Map(),
  absentReps: new Set(),
};
const ANN = 'ann@acme.example';
const BEN = 'ben@acme.example';

const team = (more: Partial<Parameters<typeof chooseRep>[0]> = {}) => ({
  reps: [{ email: 'Ann@acme.example' }, { email: BEN }],
  assignment: 'round_robin' as const,
  ...more,
});
const minutesAgo = (minutes: number) => new Date(Date.UTC(2026, 10, 3, 15) - minutes * 60_000);

describe('chooseRep', () => {
  it('takes turns: whoever waits longest, new ones first, then the order of the file', () => {
    expect(chooseRep(team(), IDLE, null)).toEqual({ repEmail: ANN, why: 'round-robin' });
    const annHadOne = { ...IDLE, lastAssignedAtByRep: new Map([[ANN, minutesAgo(60)]]) };
    expect(chooseRep(team(), annHadOne, null).repEmail).toBe(BEN);
    const bothHad = {
      ...IDLE,
      lastAssignedAtByRep: new Map([
        [ANN, minutesAgo(9)],
        [BEN, minutesAgo(3)],
      ]),
    };
    expect(chooseRep(team(), bothHad, null).repEmail).toBe(ANN);
  });

  it('gives to the one with the fewest open leads', () => {
    const load = {
      ...IDLE,
      openByRep: new Map([
        [ANN, 3],
        [BEN, 2],
      ]),
    };
    expect(chooseRep(team({ assignment: 'least_open' }), load, null)).toEqual({
      repEmail: BEN,
      why: 'least-open',
    });
  });

  it('leaves a lead with its owner, however busy, unless absent or of another team', () => {
    const owned = team({ assignment: 'crm_owner', capacity: 1 });
    const busy = { ...IDLE, openByRep: new Map([[BEN, 9]]) };
    expect(chooseRep(owned, busy, 'BEN@acme.example')).toEqual({ repEmail: BEN, why: 'owner' });
    expect(chooseRep(owned, { ...busy, absentReps: new Set([BEN]) }, BEN).repEmail).toBe(ANN);
    expect(chooseRep(owned, busy, 'somebody@else.example').repEmail).toBe(ANN);
    expect(chooseRep(team(), IDLE, BEN).repEmail).toBe(ANN);
  });

  it('goes back to the rep who had it, however busy, but the owner counts first where the team says so', () => {
    const load = { ...IDLE, openByRep: new Map([[BEN, 99]]) };
    const former = { repEmail: BEN, isFirm: false };
    const full = team({ capacity: 1 });
    expect(chooseRep(full, load, null, former)).toEqual({ repEmail: BEN, why: 'former' });
    const owned = team({ assignment: 'crm_owner' });
    expect(chooseRep(owned, load, ANN, former)).toEqual({ repEmail: ANN, why: 'owner' });
    expect(chooseRep(owned, load, ANN, { ...former, isFirm: true }).repEmail).toBe(BEN);
    expect(chooseRep(team(), load, ANN, former).repEmail).toBe(BEN);
    const absent = { ...load, absentReps: new Set([BEN]) };
    expect(chooseRep(full, absent, null, former).why).toBe('round-robin');
    const left = { repEmail: 'gone@acme.example', isFirm: true };
    expect(chooseRep(team(), IDLE, null, left).repEmail).toBe(ANN);
    const nobody = { repEmail: null, isFirm: true };
    expect(chooseRep(team(), IDLE, null, nobody)).toEqual({ repEmail: null, why: 'still-anyone' });
  });

  it('respects capacity, the own before that of the team', () => {
    const load = {
      ...IDLE,
      openByRep: new Map([
        [ANN, 5],
        [BEN, 5],
      ]),
    };
    expect(chooseRep(team({ capacity: 5 }), load, null)).toEqual({
      repEmail: null,
      why: 'all-at-capacity',
    });
    const roomy = team({ capacity: 5, reps: [{ email: ANN }, { email: BEN, capacity: 6 }] });
    expect(chooseRep(roomy, load, null).repEmail).toBe(BEN);
  });

  it('asks the team when nobody is there', () => {
    const load = { ...IDLE, absentReps: new Set([ANN, BEN]) };
    expect(chooseRep(team(), load, BEN)).toEqual({ repEmail: null, why: 'all-absent' });
    expect(chooseRep(team({ reps: [] }), IDLE, null)).toEqual({ repEmail: null, why: 'no-reps' });
  });
});

const FOLDER = new URL('../../scoring-rules/', import.meta.url);
const files = Object.fromEntries(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yml') && !name.endsWith('.test.yml'))
    .map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8')]),
);
files['routing.yml'] = `
teams:
  - id: big
    channel: leads-big
    reps: [{ email: ann@acme.example }]
    assignment: round_robin
    hours: { time_zone: America/New_York, days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" }
  - id: rest
    channel: leads-rest
    reps: [{ email: ben@acme.example }]
    assignment: crm_owner
    hours: { time_zone: Europe/Berlin, days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" }
routes:
  - { id: route.big, when: company.employees >= 1000, team: big, why: "{company.employees} employees" }
  - { id: route.hot, when: tier == "A", team: big, why: Tier A }
  - { id: route.rest, team: rest, why: Everyone else }
`;

describe('routeLead', () => {
  const compiled = compileRuleset(files, { version: 1, hash: 'sample' });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const { ruleset } = compiled;
  const slaMinutes = ruleset.model.tiers;

  const input = (
    fields: Record<string, unknown>,
    more: Partial<RoutingInput> = {},
  ): RoutingInput => ({
    snapshot: {
      fields: Object.fromEntries(
        FIELD_NAMES.map((name) => [name, (fields[name] as string) ?? null]),
      ),
      signals: [],
      declaredSignals: [],
    },
    assessment: { points: 50, tier: 'C' },
    load: IDLE,
    // Tuesday, 10:00 in New York, 16:00 in Berlin.
    now: new Date('2026-11-03T15:00:00Z'),
    ...more,
  });

  it('follows the first route that is true', () => {
    const routed = routeLead(ruleset, input({ 'company.employees': 5_000 }));
    expect(routed).toMatchObject({
      team: 'big',
      channel: 'leads-big',
      repEmail: ANN,
      ruleId: 'route.big',
    });
    expect(routed.because).toBe("5,000 employees: it is this rep's turn.");
    expect(routed.slaDueAt.getTime()).toBeGreaterThan(Date.parse('2026-11-03T15:00:00Z'));
  });

  it('skips a route that it cannot judge, and says so', () => {
    const routed = routeLead(ruleset, input({}, { ownerEmail: BEN }));
    expect(routed).toMatchObject({ team: 'rest', repEmail: BEN, ruleId: 'route.rest' });
    expect(routed.because).toContain('Not judged: route.big (company size unknown)');
    expect(routed.because).toContain('owner');
  });

  it('follows the tier that a person gave', () => {
    const fields = { 'company.employees': 10 };
    expect(routeLead(ruleset, input(fields)).ruleId).toBe('route.rest');
    expect(routeLead(ruleset, input(fields, { overrideTier: 'A' })).ruleId).toBe('route.hot');
  });

  it('promises by tier, in the hours of the team, from when the lead came in', () => {
    const fields = { 'company.employees': 5_000 };
    const night = new Date('2026-11-03T07:00:00Z');
    const routed = routeLead(ruleset, input(fields, { overrideTier: 'A', now: night }));
    const opening = Date.parse('2026-11-03T14:00:00Z');
    expect(routed.slaDueAt.getTime()).toBe(opening + slaMinutes.A.sla_minutes * 60_000);
    const again = routeLead(ruleset, input(fields, { overrideTier: 'A', waitingSince: night }));
    expect(again.slaDueAt).toEqual(routed.slaDueAt);
  });

  it('gives the same answer to the same question', () => {
    const question = input({ 'company.employees': 10 });
    expect(routeLead(ruleset, question)).toEqual(routeLead(ruleset, structuredClone(question)));
  });
});
