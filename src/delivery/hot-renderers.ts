import { BY_ROUTING } from '../records/assignments.ts';
import { readAttention } from '../records/preferences.ts';
import { buildHotLead } from './cards/hot-lead.ts';
import type { RenderersOptions } from './create-renderers.ts';
import { readHotLead } from './queries/why-query.ts';
import type { Renderers } from './send/rendered.ts';

/** A hot lead in its channel, and for the one rep who wants it directly: told as its rep asked to be told. */
export function createHotRenderers({
  db,
  clock,
  directory,
  crmUrl,
}: Pick<RenderersOptions, 'db' | 'clock' | 'directory' | 'crmUrl'>): Pick<
  Renderers,
  'renderHot' | 'hotChannel' | 'renderDirect'
> {
  function assignmentOf(leadId: string) {
    return db
      .selectFrom('leads')
      .innerJoin('assignments', 'assignments.id', 'leads.assignment_id')
      .select(['assignments.assigned_by', 'assignments.channel_id'])
      .where('leads.id', '=', leadId)
      .executeTakeFirst();
  }

  /** Whom a person gave it to has been told of that already. */
  async function isRouted(leadId: string): Promise<boolean> {
    return (await assignmentOf(leadId))?.assigned_by === BY_ROUTING;
  }

  async function placeOf(channel: string): Promise<string> {
    return (await directory.resolve(channel)) ?? channel;
  }

  return {
    async renderHot(leadId, { pings }) {
      const hot = await readHotLead(db, leadId, crmUrl);
      if (hot === null) return null;
      const now = clock.now();
      const { rep, state } = hot.view.lead;
      const attention = rep === null ? null : await readAttention(db, rep, now);
      const asksFor = attention?.direct === true && state === 'open';
      const isWanted = asksFor && (await isRouted(leadId));
      return {
        ...buildHotLead({ ...hot.view, pings: pings && attention?.mention === true }, now),
        channelId: await placeOf(hot.channel),
        assessmentId: hot.assessmentId,
        copy: isWanted && rep !== null ? { userId: rep, dueAt: attention.quietUntil ?? now } : null,
      };
    },
    async hotChannel(leadId) {
      const assignment = await assignmentOf(leadId);
      return assignment === undefined ? null : placeOf(assignment.channel_id);
    },
    async renderDirect(leadId, userId) {
      const hot = await readHotLead(db, leadId, crmUrl);
      if (hot === null) return null;
      const now = clock.now();
      const { rep, state } = hot.view.lead;
      const { direct, quietUntil } = await readAttention(db, userId, now);
      return {
        ...buildHotLead({ ...hot.view, viewer: userId }, now),
        isWanted: direct && state === 'open' && rep === userId,
        quietUntil,
      };
    },
  };
}
