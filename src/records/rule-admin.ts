import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import type { PublishResult, RuleAdmin, RulesetChange } from '../delivery/ports.ts';
import type { RulePreview } from '../delivery/views.ts';
import { TEST_LEAD_SOURCE } from '../lead/test-lead.ts';
import type { Clock } from '../platform/clock.ts';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database } from '../platform/postgres/tables.ts';
import type { Assessment } from '../scoring/assessment.ts';
import { changeRule } from '../scoring/change-rule.ts';
import { changeTeam } from '../scoring/change-team.ts';
import { compileRuleset, type RuleFiles, type Ruleset } from '../scoring/compile-ruleset.ts';
import { listRules } from '../scoring/list-rules.ts';
import { scoreLead } from '../scoring/score-lead.ts';
import type { AssessedLead } from './assessments.ts';
import { createRepLoads } from './rep-loads.ts';
import { planRoutes } from './route-lead.ts';
import { hashRuleFiles, publishedBefore, publishVersion, type Rulesets } from './rulesets.ts';

export interface RuleAdminOptions {
  db: Kysely<Database>;
  rulesets: Rulesets;
  clock: Clock;
}

/** States in which a lead keeps a score of the live rules. */
const RESCORED = ['open', 'accepted', 'contacted', 'snoozed', 'held'] as const;

/** Scored between two turns of the event loop, so that acks do not wait for a preview. */
const LEADS_PER_TURN = 25;

export function createRuleAdmin(options: RuleAdminOptions): RuleAdmin {
  const { db, rulesets, clock } = options;

  async function changed(
    change: RulesetChange,
  ): Promise<{ ok: true; files: RuleFiles; ruleset: Ruleset } | { ok: false; message: string }> {
    const live = await rulesets.liveRow();
    const result =
      'teamId' in change
        ? changeTeam(live.files, change)
        : changeRule(live.files, change.ruleId, change);
    if (!result.ok) return result;
    const compiled = compile(result.files, live.version + 1);
    return compiled.ok ? { ok: true, files: result.files, ruleset: compiled.ruleset } : compiled;
  }

  async function publish(
    files: RuleFiles,
    note: string,
    author: string,
    baseVersion: number,
    action: string,
  ): Promise<PublishResult> {
    const now = clock.now();
    return inTransaction(db, async (tx): Promise<PublishResult> => {
      const next = { files, note, author, baseVersion };
      const version = await publishVersion(tx, next, now);
      if (version === null) {
        const same = await publishedBefore(tx, next);
        return same === null
          ? { kind: 'conflict' }
          : { kind: 'published', version: same, ...(await countRescored(tx)) };
      }
      const counted = await countRescored(tx);
      await tx
        .updateTable('leads')
        .set({ score_due_at: now })
        .where('state', 'in', RESCORED)
        .where('assessment_id', 'is not', null)
        .execute();
      await tx
        .insertInto('audit_log')
        .values({
          at: now,
          actor: author,
          action,
          subject: `ruleset ${version}`,
          detail: JSON.stringify({ baseVersion, note }),
        })
        .execute();
      return { kind: 'published', version, ...counted };
    });
  }

  /** Only what was live once can be gone back to. */
  async function published(version: number) {
    const row = await rulesets.read(version);
    return row?.status === 'archived' || row?.status === 'live' ? row : null;
  }

  return {
    async live() {
      const row = await rulesets.liveRow();
      return {
        version: row.version,
        note: row.note,
        author: row.author,
        publishedAt: row.publishedAt ?? row.createdAt,
        rules: listRules(row.files),
        teams: (await rulesets.compiled(row.version)).teams,
      };
    },
    async versions(limit) {
      return (await rulesets.list(limit)).map(({ version, status, note, author, createdAt }) => ({
        version,
        status,
        note,
        author,
        createdAt,
      }));
    },
    async preview(change) {
      const next = await changed(change);
      if (!next.ok) return next;
      const preview = await previewRuleset(db, await rulesets.live(), next.ruleset, clock.now());
      return { ok: true, preview };
    },
    async publish(change, note, author, baseVersion) {
      const next = await changed(change);
      if (!next.ok) return { kind: 'invalid', message: next.message };
      return publish(next.files, note, author, baseVersion, 'rules.published');
    },
    async previewRollback(toVersion) {
      const earlier = await published(toVersion);
      if (!earlier) return { ok: false, message: noVersion(toVersion) };
      const { version } = await rulesets.liveRow();
      const next = compile(earlier.files, version + 1);
      if (!next.ok) return next;
      const preview = await previewRuleset(db, await rulesets.live(), next.ruleset, clock.now());
      return { ok: true, preview };
    },
    async rollback(toVersion, note, author, baseVersion) {
      const earlier = await published(toVersion);
      if (!earlier) return { kind: 'invalid', message: noVersion(toVersion) };
      const kept = `Rolled back to version ${toVersion}: ${note}`;
      return publish(earlier.files, kept, author, baseVersion, 'rules.rolled_back');
    },
  };
}

function noVersion(version: number): string {
  return `There is no version ${version} to go back to.`;
}

/** Open leads, counted as the preview counts them, and the others that get a new score. */
async function countRescored(
  tx: Transaction<Database>,
): Promise<{ rescoring: number; others: number }> {
  const rows = await tx
    .selectFrom('leads')
    .select((eb) => ['state', eb.fn.countAll<string>().as('n')])
    .where('state', 'in', RESCORED)
    .where('assessment_id', 'is not', null)
    .where('source', '<>', TEST_LEAD_SOURCE)
    .groupBy('state')
    .execute();
  const total = rows.reduce((sum, { n }) => sum + Number(n), 0);
  const open = Number(rows.find(({ state }) => state === 'open')?.n ?? 0);
  return { rescoring: open, others: total - open };
}

function compile(
  files: RuleFiles,
  version: number,
): { ok: true; ruleset: Ruleset } | { ok: false; message: string } {
  const result = compileRuleset(files, { version, hash: hashRuleFiles(files) });
  if (result.ok) return result;
  const first = result.problems[0];
  const message = [first?.message ?? 'The rules do not compile', first?.hint].filter(Boolean);
  return { ok: false, message: message.join('. ') };
}

/** Scores and routes every open lead's stored snapshot with both rulesets, at one moment. */
export async function previewRuleset(
  db: Kysely<Database>,
  live: Ruleset,
  next: Ruleset,
  now: Date,
): Promise<RulePreview> {
  const rows = await db
    .selectFrom('leads')
    .innerJoin('assessments', 'assessments.id', 'leads.assessment_id')
    .selectAll('leads')
    .select('assessments.features')
    .where('leads.state', '=', 'open')
    .where('leads.source', '<>', TEST_LEAD_SOURCE)
    .orderBy('leads.id')
    .execute();
  const preview: RulePreview = { openCount: rows.length, moved: [], repointed: 0, rerouted: [] };
  // Its own counts: nothing that it tries out may change whose turn it is.
  const loads = createRepLoads(db, { now: () => now });
  for (let from = 0; from < rows.length; from += LEADS_PER_TURN) {
    const leads = rows.slice(from, from + LEADS_PER_TURN).map(({ features, ...lead }) => ({
      ...{ lead, features },
      before: scoreLead(live, features, now),
      assessment: scoreLead(next, features, now),
    }));
    for (const lead of leads) noteScore(preview, lead);
    for (const { lead, present, next: to } of await planRoutes(db, leads, next, loads, now)) {
      if (present === undefined || to === null) continue;
      if (present.team === to.team && present.rep_user_id === to.rep) continue;
      const shortId = lead.lead.short_id;
      preview.rerouted.push({ shortId, fromTeam: present.team, toTeam: to.team });
    }
    await nextTurn();
  }
  return preview;
}

function noteScore(
  preview: RulePreview,
  { lead, before, assessment: after }: AssessedLead & { before: Assessment },
): void {
  // Somebody's override stands, whatever the rules say.
  if (before.tier !== after.tier && lead.override_tier === null) {
    const { firstName, lastName } = lead.profile;
    preview.moved.push({
      shortId: lead.short_id,
      name: [firstName, lastName].filter((part) => part !== null).join(' '),
      fromTier: before.tier,
      toTier: after.tier,
      fromPoints: before.points,
      toPoints: after.points,
    });
  } else if (before.points !== after.points) {
    preview.repointed += 1;
  }
}
