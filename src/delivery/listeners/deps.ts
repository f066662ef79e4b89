import type { HeldEvents } from '../../decisions/held-events.ts';
import type { Ledger } from '../../decisions/ledger.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { ChannelChecks } from '../channel-checks.ts';
import type { DecisionCodes } from '../decision-codes.ts';
import type { HomeQueries, HomeStates } from '../home/home-port.ts';
import type {
  Boards,
  LeadQueries,
  Members,
  PreferenceStore,
  RuleAdmin,
  Switches,
} from '../ports.ts';
import type { TestLeads } from '../test-lead-port.ts';

export interface HealthLine {
  name: string;
  ok: boolean;
  /** One short phrase, without secrets or lead data. */
  detail: string;
}

/** What the Slack listeners need. */
export interface SlackDeps {
  ledger: Ledger;
  heldEvents: HeldEvents;
  queries: LeadQueries;
  ruleAdmin: RuleAdmin;
  members: Members;
  switches: Switches;
  testLeads: TestLeads;
  channels: ChannelChecks;
  preferences: PreferenceStore;
  home: HomeQueries;
  homeStates: HomeStates;
  clock: Clock;
  log: Logger;
  /** A new unique id: the trace id of an interaction; its start is the reference that people see. */
  ids: () => string;
  /** Reason codes of the live ruleset. */
  codes: () => Promise<DecisionCodes>;
  /** Absent: `/firstcall board` answers privately. */
  boards?: Boards;
  health?: () => Promise<HealthLine[]>;
  /** How long a person waits before being told that it is not done yet; 2,000 ms by default. */
  deadlineMs?: number;
}

/** Leaves half a second of the promised 2.5 s to a busy machine, and to Slack to show the answer. */
export const DEADLINE_MS = 2_000;

/** Short enough to read out, long enough to find in the log. */
export function referenceOf(traceId: string): string {
  return traceId.replaceAll('-', '').slice(-8);
}
