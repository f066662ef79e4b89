import type { Proportion } from '../../evaluation/proportion.ts';
import type { Outcome } from '../../lead/crm-outcome.ts';
import type { Tier } from '../../scoring/assessment.ts';
import type { GrantableRole } from '../ports.ts';
import type { HeldView, LeadRow, ReportView } from '../views.ts';

/* What App Home shows, as data. Every string that came from a lead or a person is raw here. */

/** Leads on one page of a list, in App Home and in the lists that open from it. */
export const LEADS_PER_PAGE = 10;

/** `due`: overdue or due soon. */
export const HOME_FILTERS = ['all', 'due', 'new', 'accepted', 'snoozed'] as const;
export type HomeFilter = (typeof HOME_FILTERS)[number];

/** What a person chose in App Home, and since when things are new to them. */
export interface HomeState {
  filter: HomeFilter;
  page: number;
  /** When they opened it before this time; null: never. */
  newSince: Date | null;
  /** Roles whose introduction they put away. */
  introduced: readonly GrantableRole[];
}

export interface QueuedLead {
  lead: LeadRow;
  /** Place among all that are to be taken; null in lists that have no order. */
  rank: number | null;
  isNew: boolean;
}

/** One page of one person's leads. */
export interface MyQueue {
  userId: string;
  filter: HomeFilter;
  /** From 0; never beyond the last one. */
  page: number;
  counts: Record<HomeFilter, number>;
  leads: QueuedLead[];
}

/** One person's own figures; never beside anybody else's. */
export interface MyFigures {
  days: number;
  /** `medianMs` is null for no acceptances with a time. */
  timeToAccept: { n: number; medianMs: number | null };
  /** Accepted by the due time. */
  slaMet: Proportion;
  minimumN: number;
}

export interface MyOverride {
  leadId: string;
  shortId: string;
  /** "Dana Sample, Example Freight"; empty after an erasure. */
  name: string;
  at: Date;
  /** What the rules said then. */
  fromTier: Tier | null;
  /** Null: off the board. */
  toTier: Tier | null;
  /** What the CRM said of the lead after it; null: nothing yet. */
  cameOfIt: Outcome | null;
  cameAt: Date | null;
}

export interface MyOverrides {
  days: number;
  count: number;
  /** Those with an outcome first, then the newest; at most five. */
  rows: MyOverride[];
}

export interface DayCounts {
  received: number;
  accepted: number;
  held: number;
}

export interface TeamToday {
  id: string;
  name: string;
  yesterday: DayCounts;
  /** So far. */
  today: DayCounts;
  open: { tier: Tier; count: number }[];
  overdue: number;
  /** When the oldest open lead was received. */
  oldestAt: Date | null;
}

/** Somebody who is not there and has leads on their hands. */
export interface AwayRep {
  userId: string;
  name: string;
  why: 'left' | 'away';
  /** Back at, which begins a day on their own calendar; null: unknown, or never. */
  until: Date | null;
  timeZone: string | null;
  count: number;
}

export interface TeamSection {
  teams: TeamToday[];
  away: AwayRep[];
}

export interface RoleRow {
  userId: string;
  name: string;
  role: GrantableRole;
  /** Slack id of who granted it; null: it came with the first sight, or from the configuration. */
  grantedBy: string | null;
}

export interface PeopleSection {
  /** Managers and admins, and everybody to whom a role was granted. */
  roles: RoleRow[];
  /** E-mail addresses that routing names and Slack does not know. */
  notInSlack: string[];
  /** Reps of routing without a CRM user; null: there is no CRM to look in. */
  notInCrm: { userId: string; name: string }[] | null;
}

/** A step of a fresh installation, checked against what is there. */
export interface SetupStep {
  id: 'channels' | 'reps' | 'sources' | 'crm' | 'first_lead';
  isDone: boolean;
  /** What is missing: names of channels, addresses. */
  missing: string[];
}

export interface RulesLine {
  version: number;
  count: number;
}

/** A line of `/firstcall health`; not `ok`: somebody should look. */
export interface HealthText {
  ok: boolean;
  text: string;
}

/** A part that cannot be read now says so; the others are shown. */
export type Part<T> = { ok: true; value: T } | { ok: false };

/** What App Home shows; a null part is not for this person's role. */
export interface HomeData {
  userId: string;
  role: GrantableRole;
  paused: Part<boolean>;
  introduced: readonly GrantableRole[];
  queue: Part<MyQueue>;
  figures: Part<MyFigures>;
  overrides: Part<MyOverrides>;
  team: Part<TeamSection> | null;
  held: Part<HeldView> | null;
  report: Part<ReportView> | null;
  rules: Part<RulesLine> | null;
  health: Part<readonly HealthText[]> | null;
  people: Part<PeopleSection> | null;
  setup: Part<SetupStep[]> | null;
}
