import Fastify from 'fastify';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createSalesforce } from '../../demo/salesforce/salesforce.ts';
import { playSamples, SAMPLE_EVENTS } from '../../demo/sample/play-samples.ts';
import type { NewInboundEvent } from '../../src/intake/inbox.ts';
import { registerIntakeRoutes } from '../../src/intake/routes.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createMetrics } from '../../src/platform/metrics.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

describe('playing the samples', () => {
  it('goes through the real webhooks, and each comes in once', async () => {
    const salesforce = await createSalesforce();
    const stored: NewInboundEvent[] = [];
    const server = Fastify();
    await registerIntakeRoutes(server, {
      sources: [
        { name: 'website', kind: 'standard-webhooks', secrets: [SECRET] },
        { name: 'product', kind: 'standard-webhooks', secrets: [SECRET] },
        {
          name: 'salesforce',
          kind: 'salesforce-outbound-message',
          organizationIds: [salesforce.organizationId],
        },
      ],
      inbox: {
        store: async (events) => {
          stored.push(...events);
          return events.map(({ dedupeKey }) => ({ id: dedupeKey, duplicate: false }));
        },
      },
      clock: systemClock,
      log: pino({ level: 'silent' }),
      metrics: createMetrics(),
      onReceived: () => undefined,
    });
    const appUrl = await server.listen({ host: '127.0.0.1', port: 0 });
    const result = await playSamples({
      appUrl,
      salesforce,
      webhookSecret: SECRET,
      clock: systemClock,
      pace: 0,
    });
    await server.close();
    await salesforce.close();
    const signals = SAMPLE_EVENTS.filter(({ via }) => via === 'signal').length;
    const leads = SAMPLE_EVENTS.length - signals;
    expect(result).toEqual({ leads, signals, refused: [] });
    expect(stored.filter(({ kind }) => kind === 'lead')).toHaveLength(leads);
    expect(stored.filter(({ kind }) => kind === 'signal')).toHaveLength(signals);
    expect(new Set(stored.map(({ source, dedupeKey }) => `${source} ${dedupeKey}`)).size).toBe(
      SAMPLE_EVENTS.length,
    );
  });

  it('names each thing that was refused, and ends when told to', async () => {
    const salesforce = await createSalesforce();
    const stop = new AbortController();
    // The outbound messages are tried again and again: only the stop ends that wait.
    const lines: string[] = [];
    const result = await playSamples({
      appUrl: 'http://127.0.0.1:9',
      salesforce,
      webhookSecret: SECRET,
      clock: systemClock,
      pace: 0,
      signal: stop.signal,
      log: (line) => {
        lines.push(line);
        if (lines.length === SAMPLE_EVENTS.length) stop.abort();
      },
    });
    await salesforce.close();
    const signed = SAMPLE_EVENTS.filter(({ via }) => via !== 'salesforce').length;
    expect(result.refused).toHaveLength(signed);
    expect(result.refused[0]).toMatch(/could not be reached for signal-001$/);
  });
});
