import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

export interface LoggerOptions {
  level: string;
  format: 'json' | 'pretty';
  destination?: DestinationStream;
}

/**
 * Log lines carry ids and never lead data. The redaction is the second line of defence: it covers the
 * places where a library could hand us a request, a token or a person's details.
 */
const REDACTED = [
  'token',
  'secret',
  'password',
  'authorization',
  'email',
  'phone',
  'firstName',
  'lastName',
  'message',
  'body',
  'rawBody',
  'profile',
  'note',
].flatMap((name) => [`*.${name}`, `*.*.${name}`]);

export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level,
    base: null,
    serializers: { err: plainError },
    redact: {
      paths: ['req.headers', 'headers', ...REDACTED.filter((path) => !isErrorMessage(path))],
      censor: '[redacted]',
    },
  };
  if (options.destination) return pino(settings, options.destination);
  if (options.format === 'pretty') {
    return pino({
      ...settings,
      transport: { target: 'pino-pretty', options: { ignore: 'hostname,pid' } },
    });
  }
  return pino(settings);
}

/** What an error says of itself, without the clients and sockets that libraries hang on it. */
function plainError(error: unknown): unknown {
  const described: unknown = error instanceof Error ? pino.stdSerializers.err(error) : error;
  if (typeof described !== 'object' || described === null) return described;
  return Object.fromEntries(
    Object.entries(described).filter(([, value]) => value === null || typeof value !== 'object'),
  );
}

/** `err.message` is the point of an error line; only nested `message` fields can be lead text. */
function isErrorMessage(path: string): boolean {
  return path === '*.message';
}
