import { expect, vi } from 'vitest';
import type { World } from './world.ts';

/** Waits until every open lead is scored with this version of the rules. */
export async function rescored(world: World, version: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const stale = await world.database.db
        .selectFrom('leads')
        .innerJoin('assessments', 'assessments.id', 'leads.assessment_id')
        .select('leads.id')
        .where('leads.state', '=', 'open')
        .where('assessments.ruleset_version', '<>', version)
        .execute();
      expect(stale).toEqual([]);
    },
    { timeout: 15_000, interval: 50 },
  );
}
