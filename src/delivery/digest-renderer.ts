import { localDay } from '../routing/availability.ts';
import type { RenderersOptions } from './create-renderers.ts';
import { readDigest } from './queries/digest-query.ts';
import { buildDigest, buildWithdrawnDigest } from './replies/digest.ts';
import type { Renderers } from './send/rendered.ts';

const DAY_MS = 86_400_000;

/** A digest is of its day: what could not be sent on it (paused, an outage) is not sent on another. */
export function createDigestRenderer({
  db,
  clock,
  rulesets,
  crmUrl,
}: Pick<RenderersOptions, 'db' | 'clock' | 'rulesets' | 'crmUrl'>): Pick<
  Renderers,
  'renderDigest'
> {
  async function isToday(userId: string, date: string, now: Date): Promise<boolean> {
    const member = await db
      .selectFrom('members')
      .select('time_zone')
      .where('slack_user_id', '=', userId)
      .executeTakeFirst();
    return localDay(now, member?.time_zone ?? null).date === date;
  }

  return {
    async renderDigest({ userId = '', date = '', since = '', withdrawn }) {
      if (withdrawn !== undefined) {
        return { ...buildWithdrawnDigest(), leadIds: [], mayPost: false };
      }
      const now = clock.now();
      if (!(await isToday(userId, date, now))) return null;
      const { teams } = await rulesets.live();
      const from = since === '' ? new Date(now.getTime() - DAY_MS) : new Date(since);
      const view = await readDigest({ db, teams, crmUrl }, userId, from, now);
      const message = buildDigest(view, now);
      if (message === null) return null;
      return { ...message, leadIds: view.best.map(({ leadId }) => leadId), mayPost: true };
    },
  };
}
