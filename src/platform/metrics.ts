import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  registry: Registry;
  webhooks: Counter<'source' | 'result'>;
  webhookSeconds: Histogram<'source'>;
  leadsProcessed: Counter<'result'>;
  scoringSeconds: Histogram;
  decisions: Counter<'kind' | 'result'>;
  effects: Counter<'lane' | 'kind' | 'result'>;
  effectLagSeconds: Histogram<'lane' | 'kind'>;
  outboxDue: Gauge<'lane'>;
  /** `broken`: could not be read or scored. `stopped`: a rule said so. */
  heldLeads: Gauge<'why'>;
  inFlightLeads: Gauge;
}

/** All metrics of a process. Labels are closed sets: never an id, a name or a message. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    webhooks: new Counter({
      name: 'firstcall_webhooks_total',
      help: 'Webhook requests by source and result',
      labelNames: ['source', 'result'],
      registers,
    }),
    webhookSeconds: new Histogram({
      name: 'firstcall_webhook_ack_seconds',
      help: 'Time from request to acknowledgement',
      labelNames: ['source'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
    leadsProcessed: new Counter({
      name: 'firstcall_leads_processed_total',
      help: 'Inbound lead events by what became of them',
      labelNames: ['result'],
      registers,
    }),
    scoringSeconds: new Histogram({
      name: 'firstcall_scoring_seconds',
      help: 'Time to score one lead',
      buckets: [0.0001, 0.001, 0.005, 0.02, 0.1, 0.5],
      registers,
    }),
    decisions: new Counter({
      name: 'firstcall_decisions_total',
      help: 'Decisions by kind and result',
      labelNames: ['kind', 'result'],
      registers,
    }),
    effects: new Counter({
      name: 'firstcall_effects_total',
      help: 'Effects sent to Slack and the CRM by result',
      labelNames: ['lane', 'kind', 'result'],
      registers,
    }),
    effectLagSeconds: new Histogram({
      name: 'firstcall_effect_lag_seconds',
      help: 'Time from the moment an effect was due until it was confirmed',
      labelNames: ['lane', 'kind'],
      buckets: [0.1, 0.5, 1, 2, 5, 15, 30, 60, 300],
      registers,
    }),
    outboxDue: new Gauge({
      name: 'firstcall_outbox_due',
      help: 'Effects not confirmed yet: due, being sent, of unknown outcome, or put aside',
      labelNames: ['lane'],
      registers,
    }),
    heldLeads: new Gauge({
      name: 'firstcall_held_leads',
      help: 'Leads held for a person',
      labelNames: ['why'],
      registers,
    }),
    inFlightLeads: new Gauge({
      name: 'firstcall_in_flight_leads',
      help: 'Acknowledged leads that are neither delivered nor held yet',
      registers,
    }),
  };
}
