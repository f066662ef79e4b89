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
}: Omit<RenderersOptions, 'codes'>): Pick<Renderers, 'renderHot' | 'renderDirect'> {
  return {
    async renderHot(leadId, { pings }) {
      const hot = await readHotLead(db, leadId, crmUrl);
      if (hot === null) return null;
      const now = clock.now();
      const { rep, state } = hot.view.lead;
      const attention = rep === null ? null : await readAttention(db, rep, now);
      const isWanted = attention?.direct === true && state === 'open';
      return {
        ...buildHotLead({ ...hot.view, pings: pings && attention?.mention === true }, now),
        channelId: (await directory.resolve(hot.channel)) ?? hot.channel,
        assessmentId: hot.assessmentId,
        copy: isWanted && rep !== null ? { userId: rep, dueAt: attention.quietUntil ?? now } : null,
      };
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
