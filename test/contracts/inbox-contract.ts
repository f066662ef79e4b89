import { expect, it } from 'vitest';
import type { Inbox, NewInboundEvent } from '../../src/intake/inbox.ts';

export interface InboxUnderTest {
  inbox: Inbox;
  /** Everything stored so far, to look behind the interface. */
  stored(): Promise<NewInboundEvent[]>;
}

/** What every Inbox keeps; call it inside a `describe`. `create` gives an empty one. */
export function inboxContract(create: () => Promise<InboxUnderTest>): void {
  it('stores events and answers in their order', async () => {
    const { inbox, stored } = await create();
    const answers = await inbox.store([event('a'), event('b'), event('c')]);
    expect(answers.map((answer) => answer.duplicate)).toEqual([false, false, false]);
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(3);
    expect((await stored()).map((row) => row.dedupeKey).sort()).toEqual(['a', 'b', 'c']);
  });

  it('keeps every field, with what would trip a database', async () => {
    const { inbox, stored } = await create();
    const hostile: NewInboundEvent = {
      ...event('hostile'),
      kind: 'signal',
      rawBody: JSON.stringify({
        data: { name: 'nul \u0000 lone \ud800 rtl \u202e quote \' " $1 \\' },
      }),
      held: { reason: 'signal-without-lead', detail: 'no usable e-mail' },
    };
    await inbox.store([hostile]);
    expect(await stored()).toEqual([hostile]);
  });

  it('answers a repeated key with the first id and stores nothing', async () => {
    const { inbox, stored } = await create();
    const [first] = await inbox.store([event('same')]);
    const [again] = await inbox.store([{ ...event('same'), rawBody: '{"data":"changed"}' }]);
    expect(again).toEqual({ id: first?.id, duplicate: true });
    expect(await stored()).toEqual([event('same')]);
  });

  it('stores the new part of a batch that was partly here', async () => {
    const { inbox, stored } = await create();
    const [first] = await inbox.store([event('b')]);
    const answers = await inbox.store([event('a'), event('b'), event('c')]);
    expect(answers.map((answer) => answer.duplicate)).toEqual([false, true, false]);
    expect(answers[1]?.id).toBe(first?.id);
    expect(await stored()).toHaveLength(3);
  });

  it('takes the largest batches of many senders at the same moment', async () => {
    const { inbox, stored } = await create();
    const batch = (sender: number) =>
      Array.from({ length: 1_000 }, (_, index) => event(`msg_${sender}#${index}`));
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, sender) => inbox.store(batch(sender))),
    );
    expect(answers.flat().filter((answer) => answer.duplicate)).toEqual([]);
    const again = await inbox.store(batch(3));
    expect(again.map(({ id }) => id)).toEqual(answers[3]?.map(({ id }) => id));
    expect(await stored()).toHaveLength(12_000);
  });

  it('takes the same key from two sources for two events', async () => {
    const { inbox, stored } = await create();
    const [one] = await inbox.store([event('k')]);
    const [other] = await inbox.store([{ ...event('k'), source: 'chat' }]);
    expect(other?.duplicate).toBe(false);
    expect(other?.id).not.toBe(one?.id);
    expect(await stored()).toHaveLength(2);
  });

  it('lets exactly one of many simultaneous deliveries through', async () => {
    const { inbox, stored } = await create();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => inbox.store([event('x'), event('y')])),
    );
    for (const index of [0, 1]) {
      expect(answers.filter((answer) => answer[index]?.duplicate === false)).toHaveLength(1);
      expect(new Set(answers.map((answer) => answer[index]?.id)).size).toBe(1);
    }
    expect(await stored()).toHaveLength(2);
  });

  it('takes nothing for nothing', async () => {
    const { inbox } = await create();
    expect(await inbox.store([])).toEqual([]);
  });
}

function event(dedupeKey: string): NewInboundEvent {
  return {
    kind: 'lead',
    source: 'web-form',
    dedupeKey,
    rawBody: `{"format":"json","type":null,"timestamp":null,"data":{"id":"${dedupeKey}"}}`,
    receivedAt: new Date('2026-11-02T09:00:00.000Z'),
    traceId: '0af7651916cd43dd8448eb211c80319c',
  };
}
