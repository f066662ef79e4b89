import type { GrantableRole, Member } from '../ports.ts';
import type { LeadRow } from '../views.ts';
import type {
  HomeFilter,
  HomeState,
  MyFigures,
  MyOverrides,
  MyQueue,
  PeopleSection,
  SetupStep,
  TeamSection,
} from './home-views.ts';

/** Reads of App Home. Each may reject by itself: the others are shown all the same. */
export interface HomeQueries {
  queue(userId: string, state: HomeState): Promise<MyQueue>;
  /** Over the last 30 days. */
  figures(userId: string): Promise<MyFigures>;
  overrides(userId: string): Promise<MyOverrides>;
  /** Of the teams that this manager looks after; an admin looks after all. */
  team(member: Member): Promise<TeamSection>;
  people(): Promise<PeopleSection>;
  setup(): Promise<SetupStep[]>;
  /** A team's open, accepted and snoozed leads, a page of them; null: no team of theirs is called so. */
  teamLeads(member: Member, teamId: string, page: number): Promise<TeamLeads | null>;
  /** What a lead can be given to; null: it is not there any more, or with no team of theirs. */
  assignable(member: Member, leadId: string): Promise<Assignable | null>;
  /** Leads on somebody's hands in the teams of this manager, the most urgent first. */
  leadsOf(member: Member, userId: string): Promise<string[]>;
}

export interface TeamLeads {
  teamId: string;
  team: string;
  page: number;
  pages: number;
  count: number;
  leads: LeadRow[];
}

export interface Assignable {
  teamId: string;
  team: string;
  lead: LeadRow;
  /** Reps of the team who are there, without the one who has it. */
  reps: { userId: string; name: string }[];
}

/** What App Home remembers of a person. */
export interface HomeStates {
  read(userId: string): Promise<HomeState>;
  /** They opened it; the same event again is no second opening. */
  opened(userId: string, eventId: string): Promise<HomeState>;
  choose(userId: string, choice: { filter: HomeFilter } | { page: number }): Promise<HomeState>;
  putAway(userId: string, role: GrantableRole): Promise<HomeState>;
}
