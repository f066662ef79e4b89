import type { Clock } from '../../src/platform/clock.ts';

/** At most `limit` calls of each method in any window, counted per workspace or per channel. */
export interface RateLimit {
  methods: readonly string[];
  per: 'workspace' | 'channel';
  limit: number;
  windowMs: number;
}

const MINUTE = 60_000;

function tier(limit: number, methods: readonly string[]): RateLimit {
  return { methods, per: 'workspace', limit, windowMs: MINUTE };
}

/** Slack's published limits at their floor ("20+" is 20), so that what passes here passes there. */
export const SLACK_RATE_LIMITS: readonly RateLimit[] = [
  { methods: ['chat.postMessage'], per: 'channel', limit: 1, windowMs: 1_000 },
  // "Several hundred per minute" for the whole workspace.
  { methods: ['chat.postMessage'], per: 'workspace', limit: 300, windowMs: MINUTE },
  tier(20, ['conversations.list', 'users.list', 'conversations.join']),
  tier(50, [
    'chat.update',
    'chat.delete',
    'conversations.history',
    'conversations.info',
    'conversations.open',
    'conversations.replies',
    'users.lookupByEmail',
  ]),
  tier(100, [
    'chat.postEphemeral',
    'conversations.members',
    'users.info',
    'views.open',
    'views.publish',
    'views.push',
    'views.update',
  ]),
];

export type RateDecision = { allowed: true } | { allowed: false; retryAfterSeconds: number };

export interface RateLimiter {
  /** Counts the call when it is allowed; a refused call costs nothing. */
  check(method: string, channel: string | undefined): RateDecision;
}

export function createRateLimiter(limits: readonly RateLimit[], clock: Clock): RateLimiter {
  const calls = new Map<string, number[]>();

  function windowOf(rule: RateLimit, key: string, now: number): number[] {
    const recent = (calls.get(key) ?? []).filter((at) => at > now - rule.windowMs);
    calls.set(key, recent);
    return recent;
  }

  return {
    check(method, channel) {
      const now = clock.now().getTime();
      const windows: number[][] = [];
      for (const [index, rule] of limits.entries()) {
        if (!rule.methods.includes(method)) continue;
        const scope = rule.per === 'channel' ? (channel ?? '') : '';
        const recent = windowOf(rule, `${index}:${method}:${scope}`, now);
        const oldest = recent[recent.length - rule.limit];
        if (oldest !== undefined) {
          const waitMs = oldest + rule.windowMs - now;
          return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) };
        }
        windows.push(recent);
      }
      for (const window of windows) window.push(now);
      return { allowed: true };
    },
  };
}
