import { existsSync } from 'node:fs';
import { z } from 'zod';

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

const Environment = z.object({
  HOST: z.string().default('0.0.0.0'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),
  FIRSTCALL_DATA_DIR: z.string().min(1).default('.firstcall'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
    .optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'must start with redis:// or rediss://')
    .optional(),
  RULES_DIR: z.string().min(1).default('scoring-rules'),
  FIRSTCALL_ADMINS: commaList,
  SLACK_BOT_TOKEN: z
    .string()
    .regex(/^xox[be]/, 'must be a bot token (xoxb-...)')
    .optional(),
  SLACK_SIGNING_SECRET: z.string().min(8, 'is too short').optional(),
  SLACK_TEAM_ID: z
    .string()
    .regex(/^[TE][A-Z0-9]+$/, 'must look like T0123ABCD')
    .optional(),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-/, 'must start with xapp-')
    .optional(),
  SLACK_API_URL: z.url().default('https://slack.com/api/'),
  SALESFORCE_ORGANIZATION_ID: commaList.refine(
    (ids) => ids.every((id) => /^00D[A-Za-z0-9]{12}([A-Za-z0-9]{3})?$/.test(id)),
    'must be 15 or 18 characters and start with 00D',
  ),
  SALESFORCE_LOGIN_URL: z.url().default('https://login.salesforce.com'),
  SALESFORCE_INSTANCE_URL: z.url().optional(),
  SALESFORCE_CLIENT_ID: z.string().min(1).optional(),
  SALESFORCE_CLIENT_SECRET: z.string().min(1).optional(),
  SALESFORCE_PRIVATE_KEY: z.string().min(1).optional(),
  SALESFORCE_USERNAME: z.string().min(1).optional(),
  SALESFORCE_API_VERSION: z
    .string()
    .regex(/^\d\d\.0$/, 'must look like 65.0')
    .default('65.0'),
});
type Environment = z.infer<typeof Environment>;

export type ConfigResult = { ok: true; config: Config } | { ok: false; problems: string[] };

/** Reads the whole environment once. Problems come all together, by name and never by value. */
export function readConfig(env: Record<string, string | undefined>): ConfigResult {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(present);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${plainProblem(issue)}`);
  const sources = readSources(present, problems);
  if (!parsed.success) return { ok: false, problems };
  const values = parsed.data;
  const slack = readSlack(values, problems);
  const salesforce = readSalesforce(values, problems);
  if (values.SALESFORCE_ORGANIZATION_ID.length > 0) {
    sources.push({
      name: 'salesforce',
      kind: 'salesforce-outbound-message',
      organizationIds: values.SALESFORCE_ORGANIZATION_ID,
    });
  }
  if (problems.length > 0) return { ok: false, problems };
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
      slack,
      salesforce,
    },
  };
}

/** The environment of this process, and what a `.env` file in its folder adds to it. */
export function readProcessConfig(): ConfigResult {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return readConfig(process.env);
}

function plainProblem(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_format' && issue.format === 'url'
    ? 'must be a URL'
    : issue.message;
}

const SECRET_PREFIX = 'WEBHOOK_SECRET_';

/** `WEBHOOK_SECRET_WEBSITE=whsec_a,whsec_b` declares the source "website"; two secrets while one is rotated. */
function readSources(env: Record<string, string | undefined>, problems: string[]): SourceConfig[] {
  const sources: SourceConfig[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(SECRET_PREFIX) || value === undefined) continue;
    const source = name.slice(SECRET_PREFIX.length).toLowerCase().replaceAll('_', '-');
    const secrets = commaList.parse(value);
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(source)) {
      problems.push(`${name} does not end in a usable source name`);
    } else if (source === 'salesforce') {
      problems.push(`${name} is reserved: Salesforce is set up with SALESFORCE_ORGANIZATION_ID`);
    } else if (!secrets.every((secret) => /^whsec_[A-Za-z0-9+/=]{32,88}$/.test(secret))) {
      problems.push(
        `${name} must be whsec_ and the base64 of 24 to 64 bytes (several: comma between)`,
      );
    } else {
      sources.push({ name: source, kind: 'standard-webhooks', secrets });
    }
  }
  return sources;
}

function readSlack(values: Environment, problems: string[]): SlackConfig | undefined {
  const { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret } = values;
  if (botToken === undefined && signingSecret === undefined) return undefined;
  if (botToken === undefined) problems.push('SLACK_BOT_TOKEN is missing');
  if (signingSecret === undefined) problems.push('SLACK_SIGNING_SECRET is missing');
  if (botToken === undefined || signingSecret === undefined) return undefined;
  return {
    botToken,
    signingSecret,
    teamId: values.SLACK_TEAM_ID,
    appToken: values.SLACK_APP_TOKEN,
    apiUrl: values.SLACK_API_URL.endsWith('/') ? values.SLACK_API_URL : `${values.SLACK_API_URL}/`,
  };
}

function readSalesforce(values: Environment, problems: string[]): SalesforceConfig | undefined {
  const clientId = values.SALESFORCE_CLIENT_ID;
  const { SALESFORCE_CLIENT_SECRET: clientSecret, SALESFORCE_PRIVATE_KEY: privateKey } = values;
  if (clientId === undefined) {
    if (clientSecret !== undefined || privateKey !== undefined) {
      problems.push('SALESFORCE_CLIENT_ID is missing');
    }
    return undefined;
  }
  const base = {
    loginUrl: values.SALESFORCE_LOGIN_URL,
    instanceUrl: values.SALESFORCE_INSTANCE_URL ?? values.SALESFORCE_LOGIN_URL,
    apiVersion: values.SALESFORCE_API_VERSION,
  };
  if (clientSecret !== undefined) {
    return { ...base, auth: { kind: 'client-credentials', clientId, clientSecret } };
  }
  const username = values.SALESFORCE_USERNAME;
  if (privateKey === undefined || username === undefined) {
    problems.push(
      'SALESFORCE_CLIENT_SECRET is missing (or, for a JWT login, SALESFORCE_PRIVATE_KEY and SALESFORCE_USERNAME)',
    );
    return undefined;
  }
  return { ...base, auth: { kind: 'jwt-bearer', clientId, privateKey, username } };
}
