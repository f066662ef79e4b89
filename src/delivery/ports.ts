import type {
  BoardView,
  HeldLeadRow,
  HotLeadView,
  LeadRow,
  QueueView,
  ReportView,
  RulePreview,
  RuleRow,
  WhyView,
} from './views.ts';

export type Role = 'rep' | 'manager' | 'admin';

export interface Member {
  slackUserId: string;
  displayName: string;
  role: Role;
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
  queue(userId: string): Promise<QueueView>;
  /** The best lead that is this member's to take, by the board's own order. */
  next(userId: string): Promise<LeadRow | null>;
  /** By short id, else by name, company or e-mail fragment; at most five. */
  find(text: string): Promise<LeadRow[]>;
  held(): Promise<HeldLeadRow[]>;
  report(days: number): Promise<ReportView>;
}

export type RuleChange = { ruleId: string; points?: number; enabled?: boolean };

export type PublishResult =
  | { kind: 'published'; version: number; rescoring: number }
  | { kind: 'conflict'; message: string }
  | { kind: 'invalid'; message: string };

/** Rule editing from Slack. */
export interface RuleAdmin {
  live(): Promise<{
    version: number;
    note: string;
    author: string;
    publishedAt: Date;
    rules: RuleRow[];
  }>;
  versions(
    limit: number,
  ): Promise<{ version: number; status: string; note: string; author: string; createdAt: Date }[]>;
  preview(
    change: RuleChange,
  ): Promise<{ ok: true; preview: RulePreview } | { ok: false; message: string }>;
  /** `baseVersion` is the version that the admin looked at: a newer live one is a conflict. */
  publish(
    change: RuleChange,
    note: string,
    author: string,
    baseVersion: number,
  ): Promise<PublishResult>;
  /** Publishes a copy of an earlier version as a new one. */
  rollback(toVersion: number, author: string, baseVersion: number): Promise<PublishResult>;
}

export interface Members {
  /** Reads (and on first sight records) the member behind a Slack user id. */
  get(slackUserId: string): Promise<Member>;
  grant(slackUserId: string, role: Role, by: string): Promise<void>;
}

export interface Switches {
  /** Paused: nothing is posted to Slack, intake goes on. */
  paused(): Promise<boolean>;
  setPaused(paused: boolean, by: string): Promise<void>;
}
