import { SURFACES, type Surface } from '../decisions/ledger.ts';
import { MENU, type MenuChoice } from './action-ids.ts';

/** What a button knows: which lead, and which revision of the board showed it. Never who may click it. */
export interface LeadRef {
  leadId: string;
  revision: number;
}

export function encodeLeadRef(ref: LeadRef): string {
  return `${ref.leadId}.${ref.revision}`;
}

const REF = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,15})$/;

/** Null when it is not one of ours: Postgres is never asked for a lead whose id is no UUID. */
export function decodeLeadRef(value: string | undefined): LeadRef | null {
  const match = REF.exec(value ?? '');
  if (match?.[1] === undefined || match[2] === undefined) return null;
  return { leadId: match[1], revision: Number(match[2]) };
}

export function encodeMenuValue(choice: MenuChoice, ref: LeadRef): string {
  return `${choice}.${encodeLeadRef(ref)}`;
}

export function decodeMenuValue(
  value: string | undefined,
): { choice: MenuChoice; ref: LeadRef } | null {
  const dot = (value ?? '').indexOf('.');
  const choice = MENU.find((known) => known === value?.slice(0, dot));
  const ref = decodeLeadRef(value?.slice(dot + 1));
  return choice === undefined || ref === null ? null : { choice, ref };
}

/** Block ids name surface, lead and revision: a click tells where it was made, and an update gets new ids. */
export function encodeLeadBlock(surface: Surface, ref: LeadRef): string {
  return `${surface}.${encodeLeadRef(ref)}`;
}

export function decodeLeadBlock(
  blockId: string | undefined,
): { surface: Surface; ref: LeadRef } | null {
  const dot = (blockId ?? '').indexOf('.');
  const surface = SURFACES.find((known) => known === blockId?.slice(0, dot));
  const ref = decodeLeadRef(blockId?.slice(dot + 1));
  return surface === undefined || ref === null ? null : { surface, ref };
}
