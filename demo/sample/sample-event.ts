import type { JsonRecord } from '../doubles/json.ts';

/*
 * What the demo plays. All of it is made up: people are called Sample, Muster, Exemple; their domains
 * end in .example; telephone numbers are from the ranges kept for fiction.
 */

/** A lead that a website form sends as signed JSON. */
export interface WebsiteLead {
  via: 'website';
  /** Seconds after the start, at pace 1. */
  at: number;
  lead: JsonRecord & { id: string };
}

/** A lead that somebody types into Salesforce, which then sends it as an outbound message. */
export interface SalesforceLead {
  via: 'salesforce';
  at: number;
  record: JsonRecord;
}

/** Something that a person did, as the website or the product reports it. */
export interface SampleSignal {
  via: 'signal';
  source: 'website' | 'product';
  at: number;
  id: string;
  kind: string;
  email: string;
  /** How long ago it happened when it is sent. */
  hoursAgo: number;
}

export type SampleEvent = WebsiteLead | SalesforceLead | SampleSignal;
