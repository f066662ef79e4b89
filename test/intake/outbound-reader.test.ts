import { afterEach, describe, expect, it } from 'vitest';
import {
  createOutboundReader,
  type OutboundReader,
  type OutboundReaderOptions,
} from '../../src/intake/outbound-reader.ts';
import { parseOutboundMessage } from '../../src/intake/parse-outbound-message.ts';
import { effort } from '../support/effort.ts';
import { watchCpu } from '../support/watch-cpu.ts';
import { LEAD_FIELDS, ORGANIZATION_ID, outboundMessage } from './sample-requests.ts';

const OPTIONS = { organizationIds: [ORGANIZATION_ID] };
const LONG = { ...LEAD_FIELDS, Description: 'We would like a demo. '.repeat(1_400) };
/** As many and as long as Salesforce sends: three megabytes. */
const LARGE = Buffer.from(
  outboundMessage(
    Array.from({ length: 100 }, (_, index) => ({
      id: `04l${String(index).padStart(15, '0')}`,
      fields: LONG,
    })),
  ),
);

/** What a body may be full of. */
const UNITS = ['<a b="c"/>', '&amp;', '<!--', '<a>', '<a/>', '<a b="c" ', '&#65;', 'x'];

let reader: OutboundReader | undefined;
afterEach(() => reader?.close());

function start(options: OutboundReaderOptions = {}): OutboundReader {
  // Long enough for a machine that has much else to do.
  reader = createOutboundReader({ withinMs: 25_000, ...options });
  return reader;
}

describe('a reader of outbound messages', () => {
  it('reads large ones as it reads small ones', async () => {
    const { read } = start();
    const small = Buffer.from(outboundMessage([{}]));
    for (const body of [small, LARGE]) {
      expect(await read(body, OPTIONS)).toEqual(parseOutboundMessage(body, OPTIONS));
    }
  });

  it.each(UNITS.slice(0, effort(1, UNITS.length)))(
    'leaves the thread that answers everybody alone while "%s" fills four megabytes',
    async (unit) => {
      const { read } = start();
      await read(LARGE, OPTIONS);
      for (const size of [350_000, 4_000_000]) {
        const body = Buffer.from(outboundMessage([{ raw: unit.repeat(size / unit.length) }]));
        const spentMs = watchCpu();
        await read(body, OPTIONS);
        // Parsed in this thread, the worst takes four seconds; tidying up after other tests takes its part.
        expect(spentMs(), `${size} bytes`).toBeLessThan(1_000);
      }
    },
  );

  it('gives up one that takes too long, and reads the next', async () => {
    const { read } = start({ withinMs: 1 });
    expect(await read(LARGE, OPTIONS)).toMatchObject({ status: 413, code: 'body_too_large' });
    expect(await read(Buffer.from(outboundMessage([{}])), OPTIONS)).toMatchObject({ ok: true });
    await reader?.close();
    expect(await start().read(LARGE, OPTIONS)).toMatchObject({ ok: true });
  });

  it('asks the sender to come back when too many wait', async () => {
    const { read } = start({ mostWaiting: 2 });
    const answers = await Promise.all([1, 2, 3].map(() => read(LARGE, OPTIONS)));
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(answers[2]).toMatchObject({ status: 503, code: 'reader_busy' });
    expect(await read(LARGE, OPTIONS)).toMatchObject({ ok: true });
  });

  it('turns strangers away without starting a thread', async () => {
    const { read } = start({ withinMs: 0 });
    expect(await read(LARGE, { organizationIds: ['00D000000000009'] })).toMatchObject({
      status: 403,
    });
  });
});
