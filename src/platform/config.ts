import { existsSync } from 'node:fs';
import { z } from 'zod';
import { TEST_LEAD_SOURCE } from '../lead/test-lead.ts';
import { closestName } from '../scoring/closest-name.ts';
import { readRsaKey } from './rsa-key.ts';

/** A lead or signal source that may call `/webhooks/.../<name>`. */
export type SourceConfig =
  | { name: string; kind: 'standard-webhooks'; secrets: string[] }
  | { name: string; kind: 'salesforce-outbound-message'; organizationIds: string[] };

export type SalesforceAuth =
  | { kind: 'client-credentials'; clientId: string; clientSecret: string }
  | { kind: 'jwt-bearer'; clientId: string; privateKey: string; username: string };

export interface SalesforceConfig {
  loginUrl: string;
  /** Where people look at a record; links in Slack lead there. */
  instanceUrl: string;
  auth: SalesforceAuth;
  apiVersion: string;
}

export interface SlackConfig {
  botToken: string;
  signingSecret: string;
  /** Requests from any other workspace are refused. */
  teamId: string | undefined;
  /** Socket Mode when set. */
  appToken: string | undefined;
  apiUrl: string;
}

export interface Config {
  host: string;
  port: number;
  logLevel: string;
  logFormat: 'json' | 'pretty';
  dataDir: string;
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  rulesDir: string;
  /** Slack user ids or e-mail addresses. */
  admins: string[];
  sources: SourceConfig[];
  slack: SlackConfig | undefined;
  salesforce: SalesforceConfig | undefined;
}

const commaList = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

function urlOf(protocol: RegExp, problem: string) {
  return z.string().refine((text) => {
    // "postgres://user@/name?host=/run/postgresql" names a socket: the driver takes it, the standard does not.
    const url = URL.parse(text.replace('@/', '@localhost/'));
    return url !== null && protocol.test(url.protocol);
  }, problem);
}

const webUrl = urlOf(/^https?:$/, 'must be a web address: it starts with https://.');

const PORT_PROBLEM = 'must be a whole number from 0 to 65535.';
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const Environment = z.object({
  HOST: z.string().default('0.0.0.0'),
  PORT: z
    .string()
    .regex(/^[0-9]{1,5}$/, PORT_PROBLEM)
    .default('8080')
    .transform(Number)
    .refine((port) => port <= 65_535, PORT_PROBLEM),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}.`).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty'], 'must be json or pretty.').default('json'),
  FIRSTCALL_DATA_DIR: z.string().default('.firstcall'),
  DATABASE_URL: urlOf(
    /^postgres(ql)?:$/,
    'must be the address of a PostgreSQL: postgres://user:password@host:5432/database.',
  ).optional(),
  REDIS_URL: urlOf(
    /^rediss?:$/,
    'must be the address of a Redis: redis://host:6379, or rediss:// with TLS.',
  ).optional(),
  RULES_DIR: z.string().default('scoring-rules'),
  FIRSTCALL_ADMINS: commaList.refine(
    (admins) => admins.every((admin) => /^[UW][A-Z0-9]{5,}$|^[^@\s]+@[^@\s]+$/.test(admin)),
    'must be e-mail addresses or Slack member ids such as U0123ABCD.',
  ),
  SLACK_BOT_TOKEN: z
    .string()
    .regex(/^xox[be]/, 'must be the bot token of the installed app: it starts with xoxb-.')
    .optional(),
  SLACK_SIGNING_SECRET: z
    .string()
    .min(8, 'is too short: copy the whole signing secret from the Basic Information of the app.')
    .optional(),
  SLACK_TEAM_ID: z
    .string()
    .regex(/^[TE][A-Z0-9]+$/, 'must be the id of the workspace: it looks like T0123ABCD.')
    .optional(),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-/, 'must be an app-level token: it starts with xapp-.')
    .optional(),
  SLACK_API_URL: webUrl.default('https://slack.com/api/'),
  SALESFORCE_ORGANIZATION_ID: commaList.refine(
    (ids) => ids.every((id) => /^00D[A-Za-z0-9]{12}([A-Za-z0-9]{3})?$/.test(id)),
    'must be the id of the organization: 15 or 18 characters that start with 00D.',
  ),
  SALESFORCE_LOGIN_URL: webUrl.default('https://login.salesforce.com'),
  SALESFORCE_INSTANCE_URL: webUrl.optional(),
  SALESFORCE_CLIENT_ID: z.string().optional(),
  SALESFORCE_CLIENT_SECRET: z.string().optional(),
  SALESFORCE_PRIVATE_KEY: z
    .string()
    .refine(
      (text) => readRsaKey(text) !== null,
      'must be an RSA private key as PEM, without a passphrase: it starts with -----BEGIN.',
    )
    .optional(),
  SALESFORCE_USERNAME: z.string().optional(),
  SALESFORCE_API_VERSION: z
    .string()
    .regex(/^\d\d\.0$/, 'must be a version of the API: it looks like 65.0.')
    .default('65.0'),
});
type Environment = z.infer<typeof Environment>;

export type ConfigResult = { ok: true; config: Config } | { ok: false; problems: string[] };

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the whole environment once. Problems come all together, by name and never by value. */
export function readConfig(env: Variables): ConfigResult {
  const present = withoutEmpty(env);
  const parsed = Environment.safeParse(present);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  problems.push(
    ...missingForSlack(present),
    ...missingForSalesforce(present),
    ...misspelt(present),
  );
  const sources = readSources(present, problems);
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  const values = parsed.data;
  if (values.SALESFORCE_ORGANIZATION_ID.length > 0) {
    sources.push({
      name: 'salesforce',
      kind: 'salesforce-outbound-message',
      organizationIds: values.SALESFORCE_ORGANIZATION_ID,
    });
  }
  return {
    ok: true,
    config: {
      host: values.HOST,
      port: values.PORT,
      logLevel: values.LOG_LEVEL,
      logFormat: values.LOG_FORMAT,
      dataDir: values.FIRSTCALL_DATA_DIR,
      databaseUrl: values.DATABASE_URL,
      redisUrl: values.REDIS_URL,
      rulesDir: values.RULES_DIR,
      admins: values.FIRSTCALL_ADMINS,
      sources,
      slack: readSlack(values),
      salesforce: readSalesforce(values),
    },
  };
}

/** The environment of this process, and what a `.env` file in its folder adds to it. */
export function readProcessConfig(): ConfigResult {
  return readConfig(processVariables());
}

/** The environment alone, without a `.env` file: what `init` and `verify:slack` are given. */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  return withoutEmpty(process.env);
}

/** The rules folder alone: checking rules needs no other setting, nor that they are right. */
export function readRulesDir(): string {
  return withoutEmpty(processVariables()).RULES_DIR ?? Environment.shape.RULES_DIR.parse(undefined);
}

function processVariables(): Variables {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

function withoutEmpty(env: Variables): Variables {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

const GUARDED = Object.keys(Environment.shape).filter((name) =>
  /^(FIRSTCALL|SLACK|SALESFORCE)_/.test(name),
);

/** More of them make another program's variable. */
const MOST_TYPOS = 2;

/** A name that nobody reads would be a setting that has no effect, in silence. */
function misspelt(present: Variables): string[] {
  return Object.keys(present).flatMap((name) => {
    const meant = GUARDED.includes(name) ? undefined : closestName(name, GUARDED, MOST_TYPOS);
    return meant === undefined || present[meant] !== undefined
      ? []
      : [`${name} is not a variable of First Call: did you mean ${meant}?`];
  });
}

const SECRET_PREFIX = 'WEBHOOK_SECRET_';

/** `WEBHOOK_SECRET_WEBSITE=whsec_a,whsec_b` declares the source "website"; two secrets while one is rotated. */
function readSources(env: Variables, problems: string[]): SourceConfig[] {
  const sources: SourceConfig[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(SECRET_PREFIX) || value === undefined) continue;
    const source = name.slice(SECRET_PREFIX.length).toLowerCase().replaceAll('_', '-');
    const secrets = commaList.parse(value);
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(source)) {
      problems.push(
        `${name} does not end in a usable source name: letters, digits and underscores, at most 40.`,
      );
    } else if (source === 'salesforce') {
      problems.push(
        `${name} is reserved: set SALESFORCE_ORGANIZATION_ID for leads from Salesforce.`,
      );
    } else if (source === TEST_LEAD_SOURCE) {
      problems.push(`${name} is reserved for /firstcall test-lead: give the source another name.`);
    } else if (secrets.length === 0 || !secrets.every(isWebhookSecret)) {
      problems.push(
        `${name} must be whsec_ and the base64 of 24 to 64 bytes (several: comma between).`,
      );
    } else {
      sources.push({ name: source, kind: 'standard-webhooks', secrets });
    }
  }
  return sources;
}

function isWebhookSecret(text: string): boolean {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1] ?? '';
  const { length } = Buffer.from(base64, 'base64');
  return length >= 24 && length <= 64;
}

function missingForSlack(present: Variables): string[] {
  const needed = {
    SLACK_BOT_TOKEN: "copy the bot token from the app's page OAuth & Permissions.",
    SLACK_SIGNING_SECRET: "copy the signing secret from the app's page Basic Information.",
  };
  const isWanted = [...Object.keys(needed), 'SLACK_APP_TOKEN', 'SLACK_TEAM_ID'].some(
    (name) => present[name] !== undefined,
  );
  if (!isWanted) return [];
  return Object.entries(needed).flatMap(([name, what]) =>
    present[name] === undefined ? [`${name} is missing: ${what}`] : [],
  );
}

function readSlack(values: Environment): SlackConfig | undefined {
  const { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret } = values;
  if (botToken === undefined || signingSecret === undefined) return undefined;
  return {
    botToken,
    signingSecret,
    teamId: values.SLACK_TEAM_ID,
    appToken: values.SLACK_APP_TOKEN,
    apiUrl: values.SLACK_API_URL.endsWith('/') ? values.SLACK_API_URL : `${values.SLACK_API_URL}/`,
  };
}

/** A login needs the connected app, and its secret or (JWT) a key and a user. */
function missingForSalesforce(present: Variables): string[] {
  const isSet = (name: string) => present[`SALESFORCE_${name}`] !== undefined;
  const isWanted = ['CLIENT_ID', 'CLIENT_SECRET', 'PRIVATE_KEY', 'USERNAME'].some(isSet);
  if (!isWanted) return [];
  const problems: string[] = [];
  if (!isSet('CLIENT_ID')) {
    problems.push('SALESFORCE_CLIENT_ID is missing: copy the consumer key of the connected app.');
  }
  if (isSet('CLIENT_SECRET')) return problems;
  if (!isSet('PRIVATE_KEY') && !isSet('USERNAME')) {
    problems.push(
      'SALESFORCE_CLIENT_SECRET is missing: copy the consumer secret of the connected app, or set SALESFORCE_PRIVATE_KEY and SALESFORCE_USERNAME for a JWT login.',
    );
  } else if (!isSet('PRIVATE_KEY')) {
    problems.push('SALESFORCE_PRIVATE_KEY is missing: a JWT login needs the key as PEM.');
  } else if (!isSet('USERNAME')) {
    problems.push('SALESFORCE_USERNAME is missing: a JWT login names the integration user.');
  }
  return problems;
}

function readSalesforce(values: Environment): SalesforceConfig | undefined {
  const auth = salesforceAuth(values);
  if (auth === undefined) return undefined;
  return {
    loginUrl: values.SALESFORCE_LOGIN_URL,
    instanceUrl: values.SALESFORCE_INSTANCE_URL ?? values.SALESFORCE_LOGIN_URL,
    apiVersion: values.SALESFORCE_API_VERSION,
    auth,
  };
}

function salesforceAuth(values: Environment): SalesforceAuth | undefined {
  const clientId = values.SALESFORCE_CLIENT_ID;
  const { SALESFORCE_CLIENT_SECRET: clientSecret, SALESFORCE_PRIVATE_KEY: privateKey } = values;
  const username = values.SALESFORCE_USERNAME;
  if (clientId === undefined) return undefined;
  if (clientSecret !== undefined) return { kind: 'client-credentials', clientId, clientSecret };
  if (privateKey === undefined || username === undefined) return undefined;
  return { kind: 'jwt-bearer', clientId, privateKey, username };
}
