import { type Logger as BoltLogger, LogLevel } from '@slack/bolt';
import type { Logger } from '../../platform/logger.ts';

/**
 * Bolt's and the Web client's messages in our log. Their debug lines quote requests, lead text included, so
 * they are dropped whatever the level.
 */
export function createSlackLogger(log: Logger): BoltLogger {
  const sentenceOf = (parts: unknown[]): string =>
    parts
      .map((part) => (part instanceof Error ? part.message : typeof part === 'string' ? part : ''))
      .filter((part) => part !== '')
      .join(' ')
      .slice(0, 500);
  return {
    debug: () => undefined,
    info: (...parts) => log.debug({ from: 'slack' }, sentenceOf(parts)),
    warn: (...parts) => log.warn({ from: 'slack' }, sentenceOf(parts)),
    error: (...parts) => log.error({ from: 'slack' }, sentenceOf(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
