import type { Preferences } from '../routing/availability.ts';
import type { TeamChange } from '../scoring/change-team.ts';
import type { TeamSource } from '../scoring/rule-files.ts';
import type {
  BoardView,
  FoundHeld,
  FoundLeads,
  HeldView,
  HotLeadView,
  LeadRow,
  QueueView,
  ReportView,
  RuleActivityView,
  RulePreview,
  RuleRow,
  WhyView,
} from './views.ts';

/** `guest`: somebody who may do nothing here until an admin grants a role, if that is possible at all. */
export type Role = 'guest' | GrantableRole;
export const GRANTABLE_ROLES = ['rep', 'manager', 'admin'] as const;
export type GrantableRole = (typeof GRANTABLE_ROLES)[number];

/**
 * What Slack says of a person: a full member of the workspace, a guest in it, somebody of another workspace,
 * an app, or an account that is switched off.
 */
export type Standing = 'member' | 'guest' | 'outsider' | 'bot' | 'deactivated';

export interface Member {
  slackUserId: string;
  displayName: string;
  /** What counts here and now: `guest` for everybody but members and those who were granted a role. */
  role: Role;
  standing: Standing;
  email: string | null;
  crmUserId: string | null;
  timeZone: string | null;
}

/** Reads for the Slack surfaces. */
export interface LeadQueries {
  board(channelId: string): Promise<BoardView | null>;
  /** The board that this channel or, failing that, this member's team uses. */
  hotLead(leadId: string): Promise<HotLeadView | null>;
  why(leadId: string): Promise<WhyView | null>;
  /** One lead as lists show it; null when it is gone or has no score. */
  lead(leadId: string): Promise<LeadRow | null>;
  /** Where it is on its board now, from 1; null when it is not open or on no board. */
  place(leadId: string): Promise<{ rank: number; of: number } | null>;
  queue(userId: string): Promise<QueueView>;
  /**
   * The best lead that is this member's to take, by the board's own order over all their channels: routed to
   * them, or to nobody and not given back by them.
   */
  next(userId: string): Promise<LeadRow | null>;
  /** Ids of the leads that wait for this member: routed to them, snoozed or not, or accepted and not contacted yet. */
  uncalled(userId: string): Promise<string[]>;
  /** By short id, else by words of the name, title, company or e-mail address. */
  find(text: string): Promise<FoundLeads>;
  /** The same among held leads alone; one may have no score, so that `find` cannot show it. */
  findHeld(text: string): Promise<FoundHeld>;
  held(): Promise<HeldView>;
  report(days: number): Promise<ReportView>;
  ruleActivity(ruleId: string): Promise<RuleActivityView>;
}

export type RuleChange = { ruleId: string; points?: number; enabled?: boolean };
/** One rule, or one team of routing. */
export type RulesetChange = RuleChange | TeamChange;

export type PublishResult =
  /** `rescoring`: open leads, as the preview counts them; `others`: accepted, snoozed and held ones. */
  | { kind: 'published'; version: number; rescoring: number; others: number }
  /** Somebody published since; nothing was done. */
  | { kind: 'conflict' }
  | { kind: 'invalid'; message: string };

export type PreviewResult = { ok: true; preview: RulePreview } | { ok: false; message: string };

/** Rule editing from Slack. */
export interface RuleAdmin {
  live(): Promise<{
    version: number;
    note: string;
    author: string;
    publishedAt: Date;
    rules: RuleRow[];
    /** As routing.yml has them. */
    teams: readonly TeamSource[];
  }>;
  versions(
    limit: number,
  ): Promise<{ version: number; status: string; note: string; author: string; createdAt: Date }[]>;
  preview(change: RulesetChange): Promise<PreviewResult>;
  /** What going back to an earlier version would do. */
  previewRollback(toVersion: number): Promise<PreviewResult>;
  /**
   * `baseVersion` is the version that the admin looked at: a newer live one is a conflict, unless it is this
   * very change by the same person, sent twice.
   */
  publish(
    change: RulesetChange,
    note: string,
    author: string,
    baseVersion: number,
  ): Promise<PublishResult>;
  /** Publishes a copy of an earlier version as a new one. */
  rollback(
    toVersion: number,
    note: string,
    author: string,
    baseVersion: number,
  ): Promise<PublishResult>;
}

export type GrantResult =
  | { kind: 'granted' }
  /** Slack has nobody of this id. */
  | { kind: 'unknown' }
  /** Slack has them, and they cannot have a role. */
  | { kind: 'not_eligible'; standing: Exclude<Standing, 'member' | 'guest'> }
  /** Nobody else could grant a role afterwards. */
  | { kind: 'last_admin' }
  /** The configuration names them as an admin, and wins. */
  | { kind: 'configured' };

export interface Members {
  /**
   * Reads (and on first sight records) the member behind a Slack user id. Rejects for somebody unknown while
   * Slack cannot be asked.
   */
  get(slackUserId: string): Promise<Member>;
  /** Null: nobody of this address is known here. */
  byEmail(email: string): Promise<Member | null>;
  /** Asks Slack for the people of these addresses; `unmatched`: nobody with a role here. */
  learn(emails: readonly string[]): Promise<{ unmatched: string[] }>;
  grant(slackUserId: string, role: GrantableRole, by: string): Promise<GrantResult>;
}

/** What people asked for: how they are told, when not, when they are away. */
export interface PreferenceStore {
  /** Of somebody who never chose: the defaults. */
  read(slackUserId: string): Promise<Preferences>;
  /** Whole, in place of what was there; times of day are on the clock of `timeZone`. */
  save(member: Pick<Member, 'slackUserId' | 'timeZone'>, preferences: Preferences): Promise<void>;
}

export type RepostResult =
  | { kind: 'owed' }
  /** Less than a minute ago: nothing was done. */
  | { kind: 'just_posted'; at: Date }
  | { kind: 'no_board' };

export interface Boards {
  /** Posts a channel's board anew, at the end of the channel. */
  repost(channelId: string, traceId: string): Promise<RepostResult>;
}

export interface Switches {
  /** Paused: nothing is posted to Slack, intake goes on. */
  paused(): Promise<boolean>;
  setPaused(paused: boolean, by: string): Promise<void>;
}
