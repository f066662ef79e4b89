import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Crm, CrmLeadWrite } from '../../src/write-back/crm.ts';

/** The other side of a Crm, as its own people see it. */
export interface CrmWorld {
  crm: Crm;
  /** Somebody creates a lead in the CRM itself; resolves to its id. */
  createLead(values: { lastName: string; company: string; email?: string }): Promise<string>;
  /** What stands there; undefined when there is none (any more). */
  readLead(crmId: string): { ownerId: string | null; status: string | null } | undefined;
  /** Records that First Call wrote for this lead: must never be more than one. */
  countByLeadId(leadId: string): number;
  deleteLead(crmId: string): void;
  /** The next write of this record is refused because somebody else holds its lock. */
  lockNextWrite(crmId: string): void;
  /** A second lead with a known e-mail address is refused. */
  refuseDuplicates(isOn: boolean): void;
  /** Two active users: one with an address of its own, two that share one. */
  users: { alone: { email: string; id: string }; sharedEmail: string };
  close(): Promise<void>;
}

export function sampleWrite(change: Partial<CrmLeadWrite> = {}): CrmLeadWrite {
  return {
    leadId: randomUUID(),
    crmId: null,
    score: {
      points: 62,
      tier: 'B',
      reasons: '+20 640 employees, our sweet spot\n+15 Viewed pricing 3 times in two weeks',
      ruleset: 'v3',
      decision: 'Overridden to B',
      overrideReason: 'wrong_size',
    },
    identity: {
      firstName: 'Dana',
      lastName: 'Sample',
      company: 'Example Freight',
      email: null,
      phone: null,
      title: null,
      leadSource: 'Website',
    },
    ...change,
  };
}

/** What every Crm keeps to. */
export function describeCrmContract(name: string, open: () => Promise<CrmWorld>): void {
  describe(`${name} keeps the Crm contract`, () => {
    let world: CrmWorld;
    beforeAll(async () => {
      world = await open();
    });
    afterAll(() => world.close());

    async function writeOne(write: CrmLeadWrite) {
      return (await world.crm.writeLeads([write])).get(write.leadId);
    }

    async function readOne(leadId: string, crmId: string | null) {
      return (await world.crm.readLeads([{ leadId, crmId }])).get(leadId);
    }

    test('answers a ping', async () => {
      await expect(world.crm.ping()).resolves.toBeUndefined();
    });

    test('a lead that it does not hold is created, found by our id, and written again in place', async () => {
      const write = sampleWrite();
      const first = await writeOne(write);
      expect(first).toEqual({ kind: 'written', crmId: expect.any(String) });
      const again = await writeOne({ ...write, score: { ...write.score, points: 70 } });
      expect(again).toEqual(first);

      expect(world.countByLeadId(write.leadId)).toBe(1);
      const held = await readOne(write.leadId, null);
      expect(held).toMatchObject({ score: { ...write.score, points: 70 } });
      expect(first).toEqual({ kind: 'written', crmId: held?.crmId });
    });

    test('what it holds under its own id is updated, and nothing else is touched', async () => {
      const crmId = await world.createLead({ lastName: 'Other', company: 'Example Mills' });
      const before = world.readLead(crmId);
      const write = sampleWrite({ crmId });

      expect(await writeOne(write)).toEqual({ kind: 'written', crmId });
      expect(await readOne(write.leadId, crmId)).toMatchObject({ crmId, score: write.score });
      expect(world.readLead(crmId)).toEqual(before);
    });

    test('owner and status are set when they are named; nothing decided clears the decision', async () => {
      const crmId = await world.createLead({ lastName: 'Other', company: 'Example Mills' });
      const ownerId = world.users.alone.id;
      const status = 'Closed - Not Converted';
      await writeOne(sampleWrite({ crmId, ownerId, status }));
      expect(world.readLead(crmId)).toEqual({ ownerId, status });

      const write = sampleWrite({ crmId });
      const score = { ...write.score, decision: null, overrideReason: null };
      await writeOne({ ...write, score });
      const held = await readOne(write.leadId, crmId);
      expect(held?.score).toEqual(score);
      expect(world.readLead(crmId)).toEqual({ ownerId, status });
    });

    test('a lead without a last name or company can be created all the same', async () => {
      const write = sampleWrite();
      const identity = { ...write.identity, firstName: null, lastName: null, company: '  ' };

      expect(await writeOne({ ...write, identity })).toMatchObject({ kind: 'written' });
    });

    test('hostile and over-long text is held as text', async () => {
      const write = sampleWrite();
      const identity = {
        ...write.identity,
        lastName: `O'Sample\\ <b> %00 ${'x'.repeat(10_000)}`,
        company: `a/b?x=1 ${'y'.repeat(10_000)}`,
        email: `${'z'.repeat(300)}@example.com`,
      };
      const score = { ...write.score, reasons: `+1 '"; DROP <@U1> & \u202E${'r'.repeat(40_000)}` };

      expect(await writeOne({ ...write, identity, score })).toMatchObject({ kind: 'written' });
    });

    test('in a batch each lead has its own result, in any order and beyond one call', async () => {
      const crmIds = [
        await world.createLead({ lastName: 'One', company: 'Example' }),
        await world.createLead({ lastName: 'Two', company: 'Example' }),
      ];
      world.deleteLead(crmIds[0] ?? '');
      const writes = [
        ...crmIds.map((crmId) => sampleWrite({ crmId })),
        ...Array.from({ length: 205 }, () => sampleWrite()),
      ];
      const results = await world.crm.writeLeads(writes);

      expect(results.size).toBe(writes.length);
      const kinds = writes.map((write) => results.get(write.leadId)?.kind);
      expect(kinds[0]).toBe('gone');
      expect(new Set(kinds.slice(1))).toEqual(new Set(['written']));
      const held = await world.crm.readLeads(
        writes.map(({ leadId, crmId }) => ({ leadId, crmId })),
      );
      expect(held.size).toBe(writes.length - 1);
    });

    test('a locked record is not written, and is the next time', async () => {
      const crmId = await world.createLead({ lastName: 'Locked', company: 'Example' });
      world.lockNextWrite(crmId);
      const write = sampleWrite({ crmId });

      expect(await writeOne(write)).toMatchObject({
        kind: 'not-written',
        error: { retryable: true },
      });
      expect(await writeOne(write)).toEqual({ kind: 'written', crmId });
    });

    test('a duplicate is named instead of created', async () => {
      const email = `twin-${randomUUID()}@firm.example`;
      const crmId = await world.createLead({ lastName: 'Twin', company: 'Example', email });
      world.refuseDuplicates(true);
      const write = sampleWrite();
      const result = await writeOne({ ...write, identity: { ...write.identity, email } });
      world.refuseDuplicates(false);

      expect(result).toEqual({ kind: 'duplicate', crmIds: [crmId] });
      expect(world.countByLeadId(write.leadId)).toBe(0);
    });

    test('an owner that is nobody is refused by name of the field', async () => {
      const crmId = await world.createLead({ lastName: 'Owned', company: 'Example' });

      expect(await writeOne(sampleWrite({ crmId, ownerId: '005000000000000AAA' }))).toMatchObject({
        kind: 'rejected',
        field: 'OwnerId',
        isMissingField: false,
      });
    });

    test('reading what is not there gives nothing', async () => {
      expect(await readOne(randomUUID(), null)).toBeUndefined();
      expect(await world.crm.readLeads([])).toEqual(new Map());
      expect(await world.crm.writeLeads([])).toEqual(new Map());
    });

    test('users are found by e-mail in any case; a shared address names nobody', async () => {
      const { alone, sharedEmail } = world.users;
      const found = await world.crm.findUsersByEmail([
        alone.email.toUpperCase(),
        sharedEmail,
        "o'nobody\\@firm.example",
      ]);

      expect(found).toEqual(new Map([[alone.email.toLowerCase(), alone.id]]));
      expect(await world.crm.findUsersByEmail([])).toEqual(new Map());
    });
  });
}
