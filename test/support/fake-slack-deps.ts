import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type {
  DecidedLead,
  DecisionContext,
  DecisionResult,
  Ledger,
  OverrideInput,
} from '../../src/decisions/ledger.ts';
import type { SlackDeps } from '../../src/delivery/listeners/deps.ts';
import type {
  LeadQueries,
  Member,
  PreviewResult,
  PublishResult,
  Role,
  RuleAdmin,
  RulesetChange,
} from '../../src/delivery/ports.ts';
import type {
  HeldLeadRow,
  HeldView,
  LeadRow,
  ReportView,
  RuleActivityView,
  RuleRow,
} from '../../src/delivery/views.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { DEFAULT_PREFERENCES, type Preferences } from '../../src/routing/availability.ts';
import { createFakeHome } from './fake-home.ts';
import { NOW, sampleAssessment, sampleBoard, sampleHot, sampleWhy } from './fake-lead-views.ts';
import { createFakeChannels, sampleTeams } from './fake-teams.ts';
import { createFakeTestLeads } from './fake-test-leads.ts';

/** A row of the in-memory ledger. */
export interface FakeDecision {
  id: string;
  kind: string;
  context: DecisionContext;
  input: OverrideInput | null;
  /** Whom it went to, until when it sleeps. */
  toMember?: string | null;
  note?: string | null;
  until?: Date;
}

/** Keeps the ledger's promises in memory: first click wins, one row a key, undo by the one who decided. */
export interface FakeLedger extends Ledger {
  rows: FakeDecision[];
  /** Runs before each act; a promise that stays open is a database that hangs. */
  before: () => Promise<void>;
  /** What the rules say to the next overrides; null: all is well. */
  stale: 'rules_changed' | 'not_offered' | null;
  /** Leads of people who asked not to be contacted. */
  optedOut: Set<string>;
}

export function createFakeLedger(leads: readonly LeadRow[], now: () => Date): FakeLedger {
  const rows: FakeDecision[] = [];
  const acceptedBy = new Map<string, { actor: string; at: Date }>();

  function decided(leadId: string, tier?: DecidedLead['effectiveTier'] | null): DecidedLead | null {
    const lead = leads.find((each) => each.leadId === leadId);
    if (lead === undefined) return null;
    return {
      leadId,
      shortId: lead.shortId,
      name: `${lead.personName}, ${lead.company}`,
      effectiveTier: tier ?? lead.effectiveTier,
      phone: '+4930123456',
      email: 'dana.sample@example.com',
      crmUrl: lead.crmUrl,
    };
  }

  async function record(
    kind: string,
    context: DecisionContext,
    input: OverrideInput | null = null,
    more: Pick<FakeDecision, 'toMember' | 'note' | 'until'> = {},
  ): Promise<DecisionResult> {
    await ledger.before();
    const lead = decided(context.leadId, input?.toTier);
    if (lead === null) return { kind: 'not_found' };
    const undoUntil = new Date(now().getTime() + 300_000);
    const same = rows.find((row) => row.context.idempotencyKey === context.idempotencyKey);
    if (same !== undefined) return { kind: 'repeated', decisionId: same.id, lead, undoUntil };
    const owner = acceptedBy.get(context.leadId);
    if (kind === 'accepted' && owner !== undefined) {
      return { kind: 'taken', by: owner.actor, at: owner.at, lead };
    }
    if (kind === 'accepted') acceptedBy.set(context.leadId, { actor: context.actor, at: now() });
    const id = randomUUID();
    rows.push({ id, kind, context, input, ...more });
    return { kind: 'recorded', decisionId: id, lead, undoUntil };
  }

  const ledger: FakeLedger = {
    rows,
    before: async () => undefined,
    stale: null,
    optedOut: new Set(),
    accept: (context) => record('accepted', context),
    async override(context, input) {
      const lead = decided(context.leadId);
      if (ledger.stale !== null && lead !== null) {
        return { kind: 'stale', because: ledger.stale, lead };
      }
      return record(input.toTier === null ? 'disqualified' : 'overridden', context, input);
    },
    reassign: (context, toMember) => record('reassigned', context, null, { toMember }),
    handOver: (context, toMember, { note = null } = {}) =>
      record('handed_over', context, null, { toMember, note }),
    assign: (context, toMember) => record('reassigned', context, null, { toMember }),
    snooze: (context, until) => record('snoozed', context, null, { until }),
    async release(context, { confirmed } = { confirmed: false }) {
      const lead = decided(context.leadId);
      if (lead !== null && ledger.optedOut.has(context.leadId) && !confirmed) {
        return { kind: 'needs_confirmation', lead };
      }
      return record('released', context);
    },
    async undo({ decisionId, ...context }) {
      const row = rows.find((each) => each.id === decisionId);
      if (row === undefined) return { kind: 'not_found' };
      if (row.context.actor !== context.actor) {
        return { kind: 'refused', message: 'Only the one who decided can undo it.' };
      }
      acceptedBy.delete(row.context.leadId);
      return record('undone', { ...context, leadId: row.context.leadId });
    },
  };
  return ledger;
}

export function sampleReport(overrides: Partial<ReportView> = {}): ReportView {
  const few = { hits: 3, n: 7, rate: null, low: null, high: null };
  const many = { hits: 23, n: 140, rate: 0.164, low: 0.112, high: 0.234 };
  return {
    from: new Date(NOW.getTime() - 30 * 86_400_000),
    to: NOW,
    conservation: {
      ...{ received: 412, merged: 31, delivered: 371, held: 6, inFlight: 4, tests: 0 },
      balanced: true,
    },
    decisions: {
      ...{ accepted: 117, overridden: 19, disqualified: 4, snoozed: 6, reassigned: 3, undone: 2 },
      handedOver: 1,
    },
    overrideRate: many,
    overrideByTier: [
      { tier: 'A', proportion: few },
      { tier: 'B', proportion: many },
    ],
    overrideByRule: [{ ruleId: 'fit.free-mail', proportion: many, blamed: few }],
    timeToAccept: { n: 117, medianMs: 6 * 60_000, p90Ms: 45 * 60_000 },
    minimumN: 20,
    ...overrides,
  };
}

export function sampleRuleActivity(overrides: Partial<RuleActivityView> = {}): RuleActivityView {
  return {
    ...{ openCount: 295, firesOn: 31, holds: 0, days: 90, minimumN: 20 },
    overridden: { hits: 23, n: 140, rate: 0.164, low: 0.112, high: 0.234 },
    blamed: { hits: 3, n: 7, rate: null, low: null, high: null },
    ...overrides,
  };
}

export function sampleRules(count = 3): RuleRow[] {
  return Array.from({ length: count }, (_, index) => ({
    ruleId: index === 0 ? 'fit.free-mail' : `fit.rule-${index}`,
    file: 'fit.yml',
    axis: 'fit',
    points: index === 0 ? -10 : index,
    enabled: true,
    when: 'lead.email_kind == "free"',
    why: 'Free e-mail address',
  }));
}

function createFakeRuleAdmin() {
  const state = { version: 12, rules: sampleRules(), published: [] as RulesetChange[] };
  const publish = (change: RulesetChange | null, base: number): PublishResult => {
    if (base !== state.version) return { kind: 'conflict' };
    state.version += 1;
    if (change !== null) {
      state.published.push(change);
      state.rules = state.rules.map((rule) =>
        'ruleId' in change && rule.ruleId === change.ruleId ? { ...rule, ...change } : rule,
      );
    }
    return { kind: 'published', version: state.version, rescoring: 295, others: 12 };
  };
  const preview: PreviewResult = {
    ok: true,
    preview: {
      openCount: 295,
      moved: [
        {
          ...{ shortId: 'L-4F7K', name: 'Dana Sample', fromTier: 'B', toTier: 'A' },
          ...{ fromPoints: 58, toPoints: 68 },
        },
      ],
      repointed: 4,
      rerouted: [
        { shortId: 'L-4F7K', fromTeam: 'growth', toTeam: 'enterprise' },
        { shortId: 'L-9QX2', fromTeam: 'growth', toTeam: 'growth' },
      ],
    },
  };
  const admin: RuleAdmin = {
    live: async () => ({
      version: state.version,
      note: 'Spring tuning',
      author: 'U0ADMIN',
      publishedAt: NOW,
      rules: state.rules,
      teams: sampleTeams(),
    }),
    versions: async () => [
      ...[12, 11, 10].map((version) => ({
        ...{ version, status: 'archived', note: `note ${version}`, author: 'U0', createdAt: NOW },
      })),
    ],
    preview: async () => preview,
    previewRollback: async () => preview,
    publish: async (change, _note, _author, base) => publish(change, base),
    rollback: async (_to, _note, _author, base) => publish(null, base),
  };
  return { admin, state };
}

/** Slack deps in memory. `roles` maps a user id to a role; everybody else is a rep. */
export function createFakeSlackDeps(leads: readonly LeadRow[], overrides: Partial<SlackDeps> = {}) {
  const clock = systemClock;
  const ledger = createFakeLedger(leads, () => clock.now());
  const roles = new Map<string, Role>();
  const switches = { paused: false };
  const preferences = new Map<string, Preferences>();
  const rules = createFakeRuleAdmin();
  const fakeHome = createFakeHome(leads);
  const testLeads = createFakeTestLeads(leads);
  const heldLead: HeldLeadRow = {
    leadId: leads[0]?.leadId ?? null,
    eventId: null,
    label: 'L-4F7K, Dana Sample',
    reason: 'disqualified',
    detail: 'job_seeker',
    since: NOW,
  };
  const held: HeldView = {
    broken: { rows: [], count: 0 },
    stopped: { rows: [heldLead], count: 1 },
  };
  const member = (slackUserId: string): Member => ({
    slackUserId,
    displayName: slackUserId,
    role: roles.get(slackUserId) ?? 'rep',
    standing: roles.get(slackUserId) === 'guest' ? 'guest' : 'member',
    email: null,
    crmUserId: null,
    timeZone: null,
  });
  const byId = (leadId: string) => leads.find((each) => each.leadId === leadId);
  const queries: LeadQueries = {
    board: async (channelId) =>
      sampleBoard({ channelId, leads: [...leads], openCount: leads.length }),
    hotLead: async (leadId) => {
      const lead = byId(leadId);
      return lead === undefined ? null : sampleHot({ lead });
    },
    why: async (leadId) => {
      const lead = byId(leadId);
      return lead === undefined ? null : sampleWhy({ lead, assessment: sampleAssessment() });
    },
    lead: async (leadId) => byId(leadId) ?? null,
    place: async (leadId) => {
      const index = leads.findIndex((each) => each.leadId === leadId);
      return index < 0 ? null : { rank: index + 1, of: leads.length };
    },
    queue: async (userId) => ({
      ...{ userId, mine: [...leads], mineCount: leads.length },
      ...{ accepted: [], acceptedCount: 0 },
    }),
    uncalled: async () => leads.map((lead) => lead.leadId),
    next: async () => leads[0] ?? null,
    find: async (text) => {
      const word = text.toLowerCase();
      const found = leads.filter((lead) =>
        `${lead.shortId} ${lead.personName} ${lead.company}`.toLowerCase().includes(word),
      );
      return { leads: found, more: false };
    },
    findHeld: async (text) => {
      const found = leads.filter(({ shortId }) => shortId === text.toUpperCase());
      return { rows: found.map(({ leadId }) => ({ ...heldLead, leadId })), more: false };
    },
    held: async () => held,
    report: async () => sampleReport(),
    ruleActivity: async () => sampleRuleActivity(),
  };
  let counter = 0;
  const deps: SlackDeps = {
    ledger,
    heldEvents: { settle: async () => ({ kind: 'done' }) },
    queries,
    ruleAdmin: rules.admin,
    members: {
      get: async (id) => member(id),
      byEmail: async () => null,
      learn: async () => ({ unmatched: [] }),
      grant: async (id, role) => {
        roles.set(id, role);
        return { kind: 'granted' };
      },
    },
    testLeads,
    channels: createFakeChannels(),
    switches: {
      paused: async () => switches.paused,
      setPaused: async (paused) => {
        switches.paused = paused;
      },
    },
    home: fakeHome.home,
    homeStates: fakeHome.homeStates,
    preferences: {
      read: async (id) => preferences.get(id) ?? DEFAULT_PREFERENCES,
      save: async ({ slackUserId }, chosen) => void preferences.set(slackUserId, chosen),
    },
    clock,
    log: pino({ level: 'silent' }),
    ids: () => {
      counter += 1;
      return `trace-${String(counter).padStart(8, '0')}`;
    },
    codes: async () => ({
      override: [{ code: 'more_urgent', label: 'More urgent than it looks' }],
      disqualify: [{ code: 'competitor', label: 'Works for a competitor' }],
    }),
    deadlineMs: 300,
    ...overrides,
  };
  return { deps, ledger, roles, switches, preferences, homes: fakeHome.states, rules: rules.state };
}
