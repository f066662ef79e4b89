import { createHash } from 'node:crypto';
import type { CrmLeadRecord, CrmLeadScore, CrmLeadWrite } from './crm.ts';

/** What should stand in the CRM as things are. Null: First Call claims nothing there. */
export interface WantedLead {
  leadId: string;
  shortId: string;
  crmId: string | null;
  score: CrmLeadScore;
  identity: CrmLeadWrite['identity'];
  ownerId: string | null;
  status: string | null;
  /** What a record that First Call creates has as status when nothing else is wanted; null: not known. */
  openStatus: string | null;
  /** Held leads and the like are not created in the CRM. */
  mayCreate: boolean;
}

/** What we know of our earlier writes to this lead. */
export interface KnownWrite {
  /** Of the last confirmed write; null while one is under way, or was when somebody pulled the plug. */
  contentHash: string | null;
  ownerBefore: string | null;
  ownerWritten: string | null;
  statusBefore: string | null;
  statusWritten: string | null;
}

export const NEVER_WRITTEN: KnownWrite = {
  contentHash: null,
  ownerBefore: null,
  ownerWritten: null,
  statusBefore: null,
  statusWritten: null,
};

/** Taken back here, left as it is there: somebody else changed it meanwhile, or the record was created with it. */
export interface LeftAlone {
  field: 'owner' | 'status';
  why: 'changed' | 'created';
}

export interface CrmWritePlan {
  /** Null: the CRM holds all of it already. */
  write: CrmLeadWrite | null;
  /** The record, when it is known. */
  crmId: string | null;
  /** To be remembered before the call, so that an interrupted write is known for what it may have done;
   * null when neither owner nor status is touched. */
  intent: KnownWrite | null;
  /** To be remembered once it is confirmed. */
  after: KnownWrite;
  leftAlone: LeftAlone[];
}

export function hashOfWanted(wanted: WantedLead): string {
  const { score, ownerId, status } = wanted;
  const content = [
    score.points,
    score.tier,
    score.reasons,
    score.ruleset,
    score.decision,
    score.overrideReason,
    ownerId,
    status,
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** Owner and status are only touched when our claim changes, and then not without knowing what stands there. */
export function needsReading(wanted: WantedLead, known: KnownWrite): boolean {
  if (wanted.ownerId !== known.ownerWritten || wanted.status !== known.statusWritten) return true;
  return known.contentHash === null && (known.ownerWritten ?? known.statusWritten) !== null;
}

/** `current`: what the CRM holds; undefined when it was not read or holds nothing. */
export function planCrmWrite(
  wanted: WantedLead,
  known: KnownWrite,
  current: CrmLeadRecord | undefined,
): CrmWritePlan {
  const isConfirmed = known.contentHash !== null;
  const owner = planClaim(
    wanted.ownerId,
    { before: known.ownerBefore, written: known.ownerWritten, isConfirmed },
    current?.ownerId ?? null,
  );
  const status = planClaim(
    wanted.status,
    { before: known.statusBefore, written: known.statusWritten, isConfirmed },
    current === undefined ? wanted.openStatus : current.status,
  );
  const leftAlone: LeftAlone[] = [];
  if (owner.leftAlone !== null) leftAlone.push({ field: 'owner', why: owner.leftAlone });
  if (status.leftAlone !== null) leftAlone.push({ field: 'status', why: status.leftAlone });
  const isHeld = current !== undefined && holdsScore(current, wanted.score);
  const isNeeded = !isHeld || owner.write !== undefined || status.write !== undefined;
  const crmId = wanted.crmId ?? current?.crmId ?? null;
  const write: CrmLeadWrite = {
    leadId: wanted.leadId,
    crmId,
    score: wanted.score,
    identity: wanted.identity,
    ...(owner.write === undefined ? {} : { ownerId: owner.write }),
    ...(status.write === undefined ? {} : { status: status.write }),
  };
  return {
    write: isNeeded ? write : null,
    crmId,
    intent:
      owner.write === undefined && status.write === undefined
        ? null
        : {
            contentHash: null,
            ownerBefore: owner.intent.before,
            ownerWritten: owner.intent.written,
            statusBefore: status.intent.before,
            statusWritten: status.intent.written,
          },
    after: {
      contentHash: hashOfWanted(wanted),
      ownerBefore: owner.after.before,
      ownerWritten: owner.after.written,
      statusBefore: status.after.before,
      statusWritten: status.after.written,
    },
    leftAlone,
  };
}

interface Claim {
  /** What stood there before us; null: nothing, the record was created with ours. */
  before: string | null;
  /** What we put there; null: nothing of ours. */
  written: string | null;
}

interface ClaimPlan {
  write?: string;
  intent: Claim;
  after: Claim;
  leftAlone: LeftAlone['why'] | null;
}

function planClaim(
  wanted: string | null,
  known: Claim & { isConfirmed: boolean },
  current: string | null,
): ClaimPlan {
  const { before, written, isConfirmed } = known;
  const same: Claim = { before, written };
  if (wanted === written) {
    // Ours stands, or stood until somebody changed it there: not ours to change back.
    const isInterrupted = !isConfirmed && wanted !== null && current === before;
    return {
      ...(isInterrupted && current !== wanted ? { write: wanted } : {}),
      intent: same,
      after: same,
      leftAlone: null,
    };
  }
  if (wanted === null) return planRestore(same, current);
  // A second claim keeps what stood before the first.
  const after: Claim = { before: written === null ? current : before, written: wanted };
  return {
    ...(current === wanted ? {} : { write: wanted }),
    intent: after,
    after,
    leftAlone: null,
  };
}

/** Restored only if the CRM still holds our value; until that is confirmed, ours is what may stand there. */
function planRestore(known: Claim, current: string | null): ClaimPlan {
  const done = { intent: known, after: { before: null, written: null } };
  if (current === known.before) return { ...done, leftAlone: null };
  if (current !== known.written) return { ...done, leftAlone: 'changed' };
  return known.before === null
    ? { ...done, leftAlone: 'created' }
    : { ...done, write: known.before, leftAlone: null };
}

function holdsScore(current: CrmLeadRecord, score: CrmLeadScore): boolean {
  const held = current.score;
  return (
    held.points === score.points &&
    isSameText(held.tier, score.tier) &&
    isSameText(held.reasons, score.reasons) &&
    isSameText(held.ruleset, score.ruleset) &&
    isSameText(held.decision, score.decision) &&
    isSameText(held.overrideReason, score.overrideReason)
  );
}

/** CRMs store line ends their way and drop the blanks around a text. */
function isSameText(held: string | null, wanted: string | null): boolean {
  const plain = (text: string | null): string => (text ?? '').replaceAll('\r\n', '\n').trim();
  return plain(held) === plain(wanted);
}
