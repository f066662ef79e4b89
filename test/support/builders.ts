import type { DecidedLead, DecisionResult } from '../../src/decisions/ledger.ts';
import { buildBoard, buildBoardMoved } from '../../src/delivery/cards/board.ts';
import { buildEscalation } from '../../src/delivery/cards/escalation.ts';
import { buildHotLead } from '../../src/delivery/cards/hot-lead.ts';
import { buildHotSummary } from '../../src/delivery/cards/hot-summary.ts';
import { buildThreadReply } from '../../src/delivery/cards/thread-reply.ts';
import type { DecisionCodes } from '../../src/delivery/decision-codes.ts';
import {
  buildHome,
  buildHomeRefused,
  buildHomeUnavailable,
} from '../../src/delivery/home/build-home.ts';
import { buildAssign } from '../../src/delivery/modals/assign.ts';
import { buildChangeRule } from '../../src/delivery/modals/change-rule.ts';
import { buildHandOver } from '../../src/delivery/modals/hand-over.ts';
import { buildComputing, buildLoading, buildSaving } from '../../src/delivery/modals/loading.ts';
import { buildMessageModal } from '../../src/delivery/modals/message.ts';
import { buildOverride } from '../../src/delivery/modals/override.ts';
import { buildPickLead } from '../../src/delivery/modals/pick-lead.ts';
import { buildPrefs } from '../../src/delivery/modals/prefs.ts';
import { buildPreviewRule } from '../../src/delivery/modals/preview-rule.ts';
import { buildPreviewRollback, buildRollback } from '../../src/delivery/modals/rollback.ts';
import { buildRuleBlocks, buildRules } from '../../src/delivery/modals/rules.ts';
import { buildSetup, type TeamSetup } from '../../src/delivery/modals/setup.ts';
import { buildSetupPreview } from '../../src/delivery/modals/setup-preview.ts';
import { buildSetupTeam } from '../../src/delivery/modals/setup-team.ts';
import { buildSnooze } from '../../src/delivery/modals/snooze.ts';
import { buildTeamLeads } from '../../src/delivery/modals/team-leads.ts';
import { buildWhy } from '../../src/delivery/modals/why.ts';
import { buildDecided } from '../../src/delivery/replies/decided.ts';
import { buildDigest, buildWithdrawnDigest } from '../../src/delivery/replies/digest.ts';
import { buildHeld, buildHeldMatches } from '../../src/delivery/replies/held.ts';
import { buildLeadGiven } from '../../src/delivery/replies/lead-given.ts';
import { renderLeadNotice } from '../../src/delivery/replies/lead-notice.ts';
import { buildOverrideNews } from '../../src/delivery/replies/override-news.ts';
import { buildOverrideOutcome } from '../../src/delivery/replies/override-outcome.ts';
import { buildPrefsSaved } from '../../src/delivery/replies/prefs-saved.ts';
import { buildNext, buildQueue } from '../../src/delivery/replies/queue.ts';
import { buildReport } from '../../src/delivery/replies/report.ts';
import { buildRule } from '../../src/delivery/replies/rule.ts';
import { buildTestLead } from '../../src/delivery/replies/test-lead.ts';
import type { RuleRow } from '../../src/delivery/views.ts';
import { LEAD_AWAKE, LEAD_GIVEN, LEAD_TAKEN_BACK } from '../../src/records/lead-notices.ts';
import { DEFAULT_PREFERENCES } from '../../src/routing/availability.ts';
import { WORKWEEK } from '../../src/routing/workdays.ts';
import { ok, sampleHome, samplePeople, sampleSetup, sampleTeamSection } from './fake-home.ts';
import {
  NOW,
  sampleAssessment,
  sampleBoard,
  sampleHot,
  sampleLead,
  sampleReason,
  sampleWhy,
} from './fake-lead-views.ts';
import { sampleReport, sampleRuleActivity, sampleRules } from './fake-slack-deps.ts';
import { sampleTeams } from './fake-teams.ts';
import { hostileCopy, repeated } from './hostile-copy.ts';
import { uniqueLeads } from './hostile-views.ts';

type Build = (text: string) => unknown;

const FORM = { leadId: sampleLead().leadId, surface: 'why', channel: null } as const;
/** As the form allows. */
const NOTE_MAX = 300;
const CHANNEL = { id: 'C0BOARD', name: 'leads', isMember: true, isArchived: false };
const CODES = repeated(100, (index) => ({ code: `code_${index}`, label: 'Reason' }));
const DECISION_CODES: DecisionCodes = { override: CODES, disqualify: CODES };
const PREVIEW = {
  openCount: 3_000,
  moved: repeated(60, () => ({
    ...({ shortId: 'L-4F7K', name: 'Dana Sample', fromTier: 'B', toTier: 'A' } as const),
    ...{ fromPoints: 58, toPoints: 68 },
  })),
  repointed: 4,
  rerouted: repeated(60, () => ({ shortId: 'L-4F7K', fromTeam: 'a', toTeam: 'b' })),
};

/** As many leads as a contract allows, each with all that it can have. */
function leads(count: number, text: string) {
  const full = sampleLead({
    other: { points: -10, text: 'Free e-mail address' },
    news: { kind: 'was', tier: 'B', points: 50 },
    range: { min: 20, max: 90, approximate: true },
    possibleTiers: ['A', 'B', 'C'],
  });
  return uniqueLeads(repeated(count, () => hostileCopy(full, text)));
}

const lead = (text: string) => hostileCopy(sampleLead(), text);
const reasons = (text: string) =>
  repeated(60, (index) =>
    hostileCopy(sampleReason({ ruleId: `fit.${'r'.repeat(100)}.${index}` }), text),
  );
const assessment = (text: string) =>
  hostileCopy(
    sampleAssessment({
      reasons: reasons(text),
      missing: repeated(40, () => ({ from: 'x', label: 'x', min: -10, max: 10 })),
    }),
    text,
  );
const why = (text: string) => {
  const { history, decisions, touches, ...view } = sampleWhy();
  const many = {
    history: repeated(60, () => history).flat(),
    decisions: repeated(60, () => decisions).flat(),
    touches: repeated(60, () => touches).flat(),
  };
  return hostileCopy({ ...view, ...many, assessment: assessment(text), lead: lead(text) }, text);
};
const decided = (text: string): DecidedLead => ({
  ...{ leadId: FORM.leadId, shortId: 'L-4F7K', effectiveTier: 'A' },
  ...{ name: text, phone: text, email: text, crmUrl: text },
});
const held = (text: string) => {
  const rows = (kind: string) =>
    repeated(50, (index) =>
      hostileCopy(
        {
          ...{ leadId: `${kind}-${index}`, eventId: null, label: '', reason: '', detail: '' },
          ...{ since: NOW, optedOut: true },
        },
        text,
      ),
    );
  const list = (kind: string) => ({ rows: rows(kind), count: 3_000 });
  return { broken: list('broken'), stopped: list('stopped') };
};
const report = () => {
  const full = sampleReport();
  const one = full.overrideByRule;
  return { ...full, overrideByRule: repeated(120, () => one).flat() };
};
const rule = (text: string): RuleRow => ({
  ...{ ruleId: 'fit.free-mail', file: 'fit.yml', axis: 'fit', points: -10, enabled: true },
  ...{ why: text, when: text },
});
const rules = (text: string) => sampleRules(60).map((each) => ({ ...each, why: text, when: text }));
const team = (text: string): TeamSetup => {
  const [first] = sampleTeams();
  if (first === undefined) throw new Error('no sample team');
  const person = (index: number) => ({ email: text, userId: `U0${index}` });
  return {
    team: { ...first, label: text, channel: text },
    channel: CHANNEL,
    reps: repeated(80, person),
    manager: { email: text, userId: null },
  };
};
const result = (text: string): DecisionResult => ({
  ...{ kind: 'recorded', decisionId: 'decision', undoUntil: NOW },
  lead: decided(text),
});

const change = { ruleId: 'fit.free-mail', points: -100, enabled: false };
const live = (text: string) => ({
  ...{ version: 12, note: text, author: text, publishedAt: NOW, teams: sampleTeams() },
  rules: rules(text),
});
const home = (text: string) => {
  const { teams, away } = sampleTeamSection();
  const written = hostileCopy(
    sampleHome(leads(34, text), {
      ...{ role: 'admin', introduced: [], held: ok(held(text)), report: ok(report()) },
      team: ok({
        teams: repeated(40, () => teams).flat(),
        away: repeated(40, () => away).flat(),
      }),
      people: ok({
        ...samplePeople(),
        roles: repeated(60, () => samplePeople().roles).flat(),
        notInSlack: repeated(60, () => text),
      }),
      rules: ok({ version: 12, count: 60 }),
      setup: ok(sampleSetup()),
    }),
    text,
  );
  return { ...written, health: ok(repeated(12, () => ({ text: 'Posting to Slack', ok: false }))) };
};

/** Each builder of a message or a view, by folder and name, with the most and worst that it can be given. */
export const BUILDERS: Readonly<Record<string, Build>> = {
  'cards/buildBoard': (text) => {
    const board = { leads: leads(10, text), openCount: 300, olderVersions: [10, 11] };
    return buildBoard(sampleBoard({ ...board, held: { broken: 3_000, stopped: 3_000 } }));
  },
  'cards/buildBoardMoved': () => buildBoardMoved(),
  'cards/buildEscalation': (text) =>
    ['rep', 'team', 'manager'].map((step) =>
      buildEscalation(step, { leads: leads(60, text), team: text, recipient: 'U0REP' }, NOW),
    ),
  'cards/buildHotLead': (text) => {
    const hot = { lead: lead(text), reasons: reasons(text) };
    return buildHotLead(sampleHot({ ...hot, overridden: { byName: text, toTier: 'B' } }), NOW);
  },
  'cards/buildHotSummary': (text) => buildHotSummary(leads(60, text), 65, NOW),
  'cards/buildThreadReply': (text) => {
    const news = {
      ...({ kind: 'decision', decision: 'overridden', byName: text, toTier: 'B' } as const),
      ...{ reason: text, to: { name: text }, snoozedUntil: NOW, afterMs: 1 },
    };
    return buildThreadReply({ shortId: 'L-4F7K', news: repeated(60, () => news) });
  },
  'modals/buildAssign': (text) => {
    const reps = repeated(60, (index) => ({ userId: `U0${index}`, name: text }));
    return buildAssign({ teamId: 'growth', team: text, lead: lead(text), reps }, 0, NOW);
  },
  'modals/buildChangeRule': (text) => buildChangeRule({ ...rule(text) }, 12),
  'modals/buildHandOver': (text) => buildHandOver(lead(text), FORM),
  'modals/buildLoading': () => buildLoading(),
  'modals/buildSaving': () => buildSaving(),
  'modals/buildComputing': () => buildComputing(),
  'modals/buildMessageModal': (text) =>
    buildMessageModal(text || 'Title', buildDecided('accept', result(text), NOW)),
  'modals/buildOverride': (text) => buildOverride(why(text), DECISION_CODES, FORM),
  'modals/buildPickLead': (text) => buildPickLead(leads(20, text), 'Which one?'),
  'modals/buildPrefs': () =>
    buildPrefs({ preferences: DEFAULT_PREFERENCES, timeZone: 'Europe/Berlin', uncalled: 3_000 }),
  'modals/buildPreviewRule': (text) =>
    buildPreviewRule(
      { ruleId: change.ruleId, baseVersion: 12, points: 10, enabled: true },
      { change, note: text.slice(0, NOTE_MAX), baseVersion: 12 },
      hostileCopy(PREVIEW, text),
    ),
  'modals/buildRollback': (text) => {
    const version = { status: 'archived', note: text, author: text, createdAt: NOW };
    const versions = repeated(120, (index) => ({ version: 120 - index, ...version }));
    return buildRollback(versions, 120, 'America/Argentina/Buenos_Aires');
  },
  'modals/buildPreviewRollback': (text) =>
    buildPreviewRollback(
      { toVersion: 11, baseVersion: 12, note: text.slice(0, NOTE_MAX) },
      hostileCopy(PREVIEW, text),
    ),
  'modals/buildRules': (text) => buildRules(live(text), { page: 0, mayChange: true, now: NOW }),
  'modals/buildRuleBlocks': (text) => ({
    ...{ type: 'home', blocks: buildRuleBlocks(rule(text), true) },
  }),
  'modals/buildSetup': (text) =>
    buildSetup({ version: 12, teams: repeated(60, () => team(text)) }, NOW),
  'modals/buildSetupPreview': (text) => {
    const { team: source, channel } = team(text);
    const next = {
      ...{ teamId: source.id, channel: text, channelName: text, hours: source.hours },
      ...{ reps: repeated(80, () => text), manager: text },
    };
    const preview = hostileCopy(PREVIEW, text);
    return buildSetupPreview({
      ...{ team: source, change: next, channel, preview, note: text, metadata: {} },
    });
  },
  'modals/buildSetupTeam': (text) => buildSetupTeam(team(text), 12, 'Europe/Berlin'),
  'modals/buildSnooze': (text) =>
    buildSnooze(lead(text), FORM, NOW, {
      timeZone: 'Europe/Berlin',
      workdays: WORKWEEK,
    }),
  'modals/buildTeamLeads': (text) => {
    const view = { teamId: 'growth', team: text, page: 1, pages: 30, count: 300 };
    return buildTeamLeads({ ...view, leads: leads(10, text) }, NOW);
  },
  'modals/buildWhy': (text) => buildWhy(why(text), DECISION_CODES, NOW),
  'replies/buildDecided': (text) =>
    (['accept', 'override', 'snooze', 'hand_over', 'release', 'undo'] as const).flatMap((act) =>
      [
        result(text),
        { kind: 'taken', by: 'U0REP', at: NOW, lead: decided(text) } as const,
        { kind: 'not_possible', message: 'Not now', lead: decided(text) } as const,
        { kind: 'needs_confirmation', lead: decided(text) } as const,
      ].map((each) => buildDecided(act, each, NOW, { until: NOW, toMember: 'U0REP' })),
    ),
  'replies/buildDigest': (text) =>
    buildDigest(
      {
        ...{ userId: 'U0REP', waiting: 3_000, overdue: 3_000, best: leads(3, text) },
        outcomes: repeated(60, () => ({
          ...({ shortId: 'L-4F7K', fromTier: 'A', toTier: null, cameOfIt: 'won' } as const),
        })),
        team: { received: 3_000, accepted: 3_000, held: 3_000 },
      },
      NOW,
    ),
  'replies/buildWithdrawnDigest': () => buildWithdrawnDigest(),
  'replies/buildHeld': (text) => buildHeld(held(text), NOW),
  'replies/buildHeldMatches': (text) => {
    const { rows } = held(text).stopped;
    return buildHeldMatches({ rows: rows.slice(0, 5), more: true }, NOW);
  },
  'replies/buildLeadGiven': (text) =>
    ([LEAD_GIVEN, LEAD_TAKEN_BACK, LEAD_AWAKE] as const).map((kind) =>
      buildLeadGiven(
        kind,
        {
          ...{ kind: 'handed_over', lead: lead(text), byName: text, to: { name: text } },
          ...{ note: text, undone: false, memberId: 'U0REP', isOwn: false },
        },
        NOW,
      ),
    ),
  'replies/renderLeadNotice': () => renderLeadNotice('lead-held', { shortId: 'L-4F7K' }),
  'replies/buildOverrideNews': (text) =>
    buildOverrideNews({
      ...{ leadId: FORM.leadId, shortId: 'L-4F7K', toTier: 'B' },
      ...{ before: sampleAssessment(), after: assessment(text) },
    }),
  'replies/buildOverrideOutcome': () =>
    buildOverrideOutcome({
      ...{ leadId: FORM.leadId, shortId: 'L-4F7K', toTier: 'B', ruleTier: 'A', outcome: 'won' },
    }),
  'replies/buildPrefsSaved': () =>
    buildPrefsSaved(DEFAULT_PREFERENCES, 'Europe/Berlin', { given: 3_000, failed: 3_000 }, NOW),
  'replies/buildQueue': (text) => {
    const all = leads(40, text);
    const lists = { mine: all.slice(0, 20), accepted: all.slice(20) };
    return buildQueue({ userId: 'U0REP', ...lists, mineCount: 3_000, acceptedCount: 3_000 }, NOW);
  },
  'replies/buildNext': (text) => buildNext(lead(text), 'U0REP', NOW),
  'replies/buildReport': () => buildReport(report()),
  'replies/buildRule': (text) =>
    buildRule({ rule: rule(text), version: 12, activity: sampleRuleActivity() }, true),
  'replies/buildTestLead': (text) =>
    buildTestLead({
      progress: {
        ...{ receivedAt: NOW, storedAt: NOW, heldReason: text },
        lead: {
          ...{ leadId: FORM.leadId, shortId: 'L-4F7K', state: 'held', heldDetail: text },
          ...{ score: { tier: 'A', points: 87, at: NOW }, shown: null },
          routed: { channel: text, rep: 'U0REP' },
        },
      },
      ...{ notice: 'One was sent before', isPaused: true, follows: true },
    }),
  'home/buildHome': (text) => buildHome(home(text), NOW),
  'home/buildHomeUnavailable': () => buildHomeUnavailable(null),
  'home/buildHomeRefused': (text) => buildHomeRefused(buildDecided('accept', result(text), NOW)),
};
