import { resolve } from 'node:path';
import { readConfig, readEnvironment } from '../../platform/config.ts';
import { askSalesforce } from './ask-salesforce.ts';
import { askSlack } from './ask-slack.ts';
import { checkPresent } from './check-present.ts';
import { type EnvFile, readEnvFile, withValues, writeEnvFile } from './env-file.ts';
import { createSettings, newWebhookSecret, type Settings } from './settings.ts';
import { openTerminal, type TerminalStreams } from './terminal.ts';

export interface InitOptions {
  /** Nothing is asked: values come from the environment, and each is checked. */
  yes: boolean;
}

const API_URL = 'https://slack.com/api/';
const API_VERSION = '65.0';
const SECRET_PREFIX = 'WEBHOOK_SECRET_';

/**
 * Asks for credentials, checks each with its service and writes `.env`. Exit codes: 0 written, or nothing to write;
 * 1 something is wrong with what was given and nothing was written; 73 the file cannot be read or written; 130 Ctrl-C.
 */
export async function runInit(
  options: InitOptions,
  streams: TerminalStreams = { input: process.stdin, output: process.stdout },
): Promise<number> {
  const path = resolve('.env');
  const terminal = openTerminal(streams);
  try {
    const file = await readEnvFile(path);
    const settings = createSettings(terminal, file, readEnvironment());
    const apiUrl = settings.get('SLACK_API_URL') ?? API_URL;
    const apiVersion = settings.get('SALESFORCE_API_VERSION') ?? API_VERSION;
    if (options.yes) {
      if (!(await checkPresent(settings, { apiUrl, apiVersion }))) return 1;
    } else {
      terminal.say(`First Call writes what it needs to ${path}. Secrets are not shown.`);
      await askSlack(settings, apiUrl);
      await askSalesforce(settings, apiVersion);
    }
    if (!terminal.interrupted()) await addSource(settings, options.yes);
    if (terminal.interrupted()) {
      terminal.say('\nNothing was written.');
      return 130;
    }
    return await save(settings, path, file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    terminal.say(
      `${path} cannot be read or written (${code}): check who owns it. Nothing was changed.`,
    );
    return 73;
  } finally {
    terminal.close();
  }
}

/** A first source of leads, so that a form can be connected at once. */
async function addSource(settings: Settings, yes: boolean): Promise<void> {
  if (settings.has(SECRET_PREFIX)) return;
  const { terminal } = settings;
  if (!yes) terminal.say('\nWebhooks');
  const question = 'Name of a first source of leads (empty: website, "none": none):';
  const answer = yes ? 'website' : await terminal.ask(question);
  if (answer === null || answer === 'none') return;
  const name = (answer || 'website').toLowerCase().replaceAll('-', '_');
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(name)) {
    terminal.say('  No source was added: a name has letters, digits and hyphens.');
    return;
  }
  settings.set(`${SECRET_PREFIX}${name.toUpperCase()}`, newWebhookSecret());
  terminal.say(`  Made a secret for /webhooks/leads/${name.replaceAll('_', '-')}: it is in .env.`);
}

async function save(settings: Settings, path: string, file: EnvFile): Promise<number> {
  const { terminal, changes } = settings;
  if (changes.size === 0) {
    terminal.say('\nNothing is new: .env stays as it is.');
    return 0;
  }
  await writeEnvFile(path, withValues(file.text, changes));
  terminal.say(`\nWrote ${[...changes.keys()].join(', ')} to ${path}, readable by you alone.`);
  const read = readConfig({ ...Object.fromEntries(file.values), ...Object.fromEntries(changes) });
  if (!read.ok) {
    terminal.say('Still to do before First Call starts:');
    for (const problem of read.problems) terminal.say(`  ${problem}`);
  }
  terminal.say('Next: npm start; then /firstcall setup and /firstcall test-lead in Slack.');
  return 0;
}
