/** Why a readable item was set aside: stored with it, shown to people. A closed set, kebab-case. */
export const HELD_REASONS = [
  'not-a-lead',
  'unsupported-record',
  'field-of-wrong-kind',
  'no-identity',
  'item-too-large',
  'notification-without-id',
  'signal-without-kind',
  'signal-without-lead',
  'signal-kind-one-too-many',
  'signal-time-out-of-range',
] as const;
export type HeldReason = (typeof HELD_REASONS)[number];

/** One plain sentence each: what happened, and what to do about it. */
export const HELD_REASON_TEXT: Readonly<Record<HeldReason, string>> = {
  'not-a-lead': 'The item is not a set of named fields: send one object per lead or signal.',
  'unsupported-record':
    'The record is of a type that we do not handle: send leads only, or dismiss this one.',
  'field-of-wrong-kind':
    'A field holds a kind of value that it cannot have: correct the mapping at the source and send it again.',
  'no-identity':
    'There is no e-mail, phone, CRM id, or name with a company, so nobody could be called: complete it at the source, or dismiss it.',
  'item-too-large':
    'The item is larger than a lead or a signal can be, so only the fields that we know were kept: send less, or read it again without the rest.',
  'notification-without-id':
    'Salesforce sent a notification without its id, so a second delivery could not be told from it: read it again if the lead is not here yet, or dismiss it.',
  'signal-without-kind':
    'The signal does not say what happened: send a kind such as "pricing_viewed".',
  'signal-without-lead':
    'The signal does not say whose it is: send an e-mail, a CRM id or the id of the lead.',
  'signal-kind-one-too-many':
    'The source sends more kinds of signals than anybody could write rules about: make it send a few fixed kinds, or declare this one in model.yml.',
  'signal-time-out-of-range':
    'The time of the signal is unreadable, before the year 2000 or in the future: correct the clock or the format at the source.',
};

export interface Held {
  ok: false;
  reason: HeldReason;
  /** What exactly, in a short phrase without any personal value. */
  detail: string;
}

export function held(reason: HeldReason, detail: string): Held {
  return { ok: false, reason, detail };
}
