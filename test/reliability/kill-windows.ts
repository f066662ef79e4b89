import type { Salesforce } from '../../demo/salesforce/salesforce.ts';
import type { SlackWorkspace } from '../../demo/slack/workspace.ts';
import type { PostgresProxy } from '../support/reliability/postgres-proxy.ts';
import type { RandomChoices } from '../support/reliability/random.ts';
import type { RedisProxy } from '../support/reliability/redis-proxy.ts';
import type { Trap } from '../support/reliability/traps.ts';

export interface KillPoints {
  postgres: PostgresProxy;
  redis: RedisProxy | null;
  slack: SlackWorkspace;
  salesforce: Salesforce;
  random: RandomChoices;
}

/** Between which two steps the process dies. */
export interface KillWindow {
  name: string;
  /** Of the kills that each window gets. */
  share?: number;
  /** `release` is called after the kill: what a dead process asked of others may still happen. */
  arm(points: KillPoints): Trap;
}

export const KILL_WINDOWS: readonly KillWindow[] = [
  { name: 'commit to ack', arm: ({ postgres }) => postgres.trap(INBOX_COMMITTED) },
  {
    name: 'ack to enqueue',
    arm: ({ postgres, redis }) =>
      redis === null ? postgres.trap(ADD_ON_POSTGRES) : redis.trap(ADD_ON_REDIS),
  },
  { name: 'score to outbox', arm: ({ postgres, random }) => postgres.trap(scoring(random)) },
  {
    name: 'Slack accepted to its response',
    arm: ({ slack, random }) => {
      return slack.faults.hold({ operation: slackCall(random), when: 'after-commit' });
    },
  },
  { name: 'response to commit', arm: ({ postgres, random }) => postgres.trap(settling(random)) },
  {
    // Posts after its sender has died, and perhaps after the next process has looked for it.
    name: 'Slack slow to accept',
    share: 0.25,
    arm: ({ slack, random }) => {
      const operation = slackCall(random);
      const { reached, release } = slack.faults.hold({ operation, when: 'before' });
      const slowMs = random.below(2_500);
      return { reached, release: () => void setTimeout(release, slowMs) };
    },
  },
  {
    name: 'CRM accepted to its response',
    share: 0.25,
    arm: ({ salesforce }) =>
      salesforce.faults.hold({ operation: 'upsertMany', when: 'after-commit' }),
  },
];

function slackCall(random: RandomChoices): 'chat.postMessage' | 'chat.update' {
  return random.next() < 0.6 ? 'chat.postMessage' : 'chat.update';
}

const INBOX_COMMITTED = {
  at: 'after' as const,
  matches: (statement: string, earlier: readonly string[]) =>
    statement === 'commit' && earlier.some((each) => /^\s*insert into inbound_events\b/.test(each)),
};

/** One job or many: BullMQ has a statement for each. */
const ADD_ON_POSTGRES = {
  at: 'before' as const,
  matches: (statement: string) => /\badd_(job|jobs_bulk|flow)\b/.test(statement),
};

/** Only an added job carries its payload. */
const ADD_ON_REDIS = {
  at: 'before' as const,
  matches: (statement: string) => statement.includes('{"eventId":'),
};

/** Anywhere from the assessment to the commit, and right after the commit. */
function scoring(random: RandomChoices) {
  const point = random.below(4);
  const scores = (earlier: readonly string[]) =>
    earlier.some((statement) => statement.startsWith('insert into "assessments"'));
  return {
    at: point === 3 ? ('after' as const) : ('before' as const),
    matches(statement: string, earlier: readonly string[]) {
      if (!scores(earlier)) return false;
      if (point === 0) return statement.startsWith('insert into "assignments"');
      if (point === 1) return /^\s*insert into outbox/.test(statement);
      return statement === 'commit';
    },
  };
}

/** The row is being settled: before that, before its commit, or with the commit's answer under way. */
function settling(random: RandomChoices) {
  const point = random.below(3);
  const settles = (statement: string) =>
    /^\s*update outbox set/.test(statement) && statement.includes('sent_revision =');
  return {
    at: point === 2 ? ('after' as const) : ('before' as const),
    matches(statement: string, earlier: readonly string[]) {
      return point === 0 ? settles(statement) : statement === 'commit' && earlier.some(settles);
    },
  };
}
