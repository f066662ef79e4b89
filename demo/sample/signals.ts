import type { SampleSignal } from './sample-event.ts';

type Plan = [
  at: number,
  source: SampleSignal['source'],
  kind: string,
  email: string,
  hoursAgo: number,
];

/** Some come before their lead and wait for it; some belong to nobody that we ever hear of. */
const PLANS: readonly Plan[] = [
  [0, 'website', 'pricing_viewed', 'dana.sample@freight.example', 50],
  [0, 'website', 'pricing_viewed', 'dana.sample@freight.example', 26],
  [0, 'website', 'pricing_viewed', 'dana.sample@freight.example', 2],
  [0, 'website', 'docs_viewed', 'robin.sample@northwind.example', 30],
  [0, 'website', 'pricing_viewed', 'lou.sample@saas.example', 70],
  [0, 'product', 'trial_started', 'lou.sample@saas.example', 60],
  [0, 'website', 'webinar_attended', 'rene.sample@telecom.example', 120],
  [0, 'website', 'pricing_viewed', 'rene.sample@telecom.example', 20],
  [0, 'website', 'pricing_viewed', 'nobody.yet@stranger.example', 5],
  [8, 'website', 'webinar_attended', 'ari.sample@health.example', 48],
  [14, 'product', 'trial_started', 'eli.sample@software.example', 1],
  [28, 'website', 'pricing_viewed', 'bo.sample@machines.example', 3],
  [29, 'website', 'pricing_viewed', 'bo.sample@machines.example', 2],
  [30, 'website', 'pricing_viewed', 'bo.sample@machines.example', 0],
  [48, 'product', 'teammate_invited', 'lou.sample@saas.example', 0],
  [56, 'website', 'demo_requested', 'hana.sample@bank.example', 1],
  [70, 'product', 'integration_connected', 'eli.sample@software.example', 0],
  [86, 'website', 'demo_requested', 'drew.sample@kitchen.example', 0],
  [92, 'website', 'pricing_viewed', 'rene.sample@telecom.example', 0],
  [94, 'website', 'pricing_viewed', 'rene.sample@telecom.example', 0],
  [108, 'website', 'docs_viewed', 'jude.sample@devices.example', 1],
  [126, 'product', 'trial_started', 'mika.sample@insurance.example', 0],
  [140, 'product', 'teammate_invited', 'mika.sample@insurance.example', 0],
];

export const SAMPLE_SIGNALS: readonly SampleSignal[] = PLANS.map(
  ([at, source, kind, email, hoursAgo], index) => ({
    via: 'signal',
    at,
    source,
    kind,
    email,
    hoursAgo,
    id: `signal-${String(index + 1).padStart(3, '0')}`,
  }),
);
