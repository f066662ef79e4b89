/** Ids that Slack sends back. Stable: messages posted long ago still carry them. */
export const COMMAND = '/firstcall';

export const ACTIONS = {
  leadAccept: 'lead_accept',
  leadOverride: 'lead_override',
  leadDisqualify: 'lead_disqualify',
  leadWhy: 'lead_why',
  /** Overflow menu; what was picked is in the option's value. */
  leadMore: 'lead_more',
  /** Link buttons: Slack reports the click, nothing is to be done. */
  leadOpenCrm: 'lead_open_crm',
  leadRelease: 'lead_release',
  /** Behind a question that says what it means: the person opted out of contact. */
  leadReleaseConfirmed: 'lead_release_confirmed',
  eventRetry: 'held_event_retry',
  eventDismiss: 'held_event_dismiss',
  decisionUndo: 'decision_undo',
  /** Opens a person's own preferences, wherever the button stands. */
  prefsOpen: 'prefs_open',
  /** App Home: what somebody sees of their own leads. */
  homeFilter: 'home_filter',
  homePrevious: 'home_page_previous',
  homeNext: 'home_page_next',
  homeGotIt: 'home_got_it',
  /** App Home: a person, a role, and the button that gives it. */
  homeGrantPerson: 'home_grant_person',
  homeGrantRole: 'home_grant_role',
  homeGrant: 'home_grant',
  teamAssign: 'team_assign',
  teamPrevious: 'team_page_previous',
  teamNext: 'team_page_next',
  leadAssign: 'lead_assign',
  memberGiveBack: 'member_give_back',
  rulesOpen: 'rules_open',
  rulesPrevious: 'rules_page_previous',
  rulesNext: 'rules_page_next',
  rulesChange: 'rules_change',
  rulesRollback: 'rules_rollback',
  testLeadRemove: 'test_lead_remove',
  setupChange: 'setup_change',
  setupCheck: 'setup_check',
} as const;

export const VIEWS = {
  override: 'lead_override_view',
  snooze: 'lead_snooze_view',
  handOver: 'lead_hand_over_view',
  prefs: 'prefs_view',
  assign: 'lead_assign_view',
  ruleChange: 'rule_change_view',
  rulePublish: 'rule_publish_view',
  rulesRollback: 'rules_rollback_view',
  rollbackPublish: 'rules_rollback_publish_view',
  setupTeam: 'setup_team_view',
  setupPublish: 'setup_publish_view',
} as const;

export const SHORTCUTS = { leadWhy: 'lead_why_shortcut' } as const;

/** Inputs of our modals: block id and action id are the same word. */
export const INPUTS = {
  target: 'target',
  reason: 'reason',
  /** A second block of boxes carries a number after it: at most ten boxes go in one. */
  wrongLines: 'wrong_lines',
  worked: 'worked',
  note: 'note',
  when: 'when',
  otherTime: 'other_time',
  toMember: 'to_member',
  alerts: 'alerts',
  quietFrom: 'quiet_from',
  quietTo: 'quiet_to',
  digestAt: 'digest_at',
  awayFrom: 'away_from',
  awayUntil: 'away_until',
  absence: 'absence',
  assignee: 'assignee',
  lead: 'lead',
  points: 'points',
  enabled: 'enabled',
  version: 'version',
  channel: 'channel',
  reps: 'reps',
  manager: 'manager',
  timeZone: 'time_zone',
  days: 'days',
  from: 'from',
  to: 'to',
} as const;

export const MENU = ['why', 'snooze', 'not_mine', 'hand_over', 'crm'] as const;
export type MenuChoice = (typeof MENU)[number];
