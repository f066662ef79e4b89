import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { createSlackLeadBoard } from '../../delivery/send/create-slack-lead-board.ts';
import { createSlackClient } from '../../delivery/send/slack-client.ts';
import { type Config, readProcessConfig } from '../../platform/config.ts';
import { createRecorder } from './recorder.ts';
import { type StepResult, verifySlack } from './steps.ts';

const USAGE = 'npm run verify:slack -- --channel NAME [--user E-MAIL] [--out FILE]';
const OUT = '.firstcall/verify-slack.json';
const MANIFEST = new URL('../../../manifest.yml', import.meta.url);
const Manifest = z.object({
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
});

/**
 * `npm run verify:slack`: plays the main flow in a real workspace and keeps what it saw. Exit codes: 0 all passed,
 * 1 something failed, 2 the command is not understood, 78 configuration.
 */
export async function runVerifySlack(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === null) return say(`usage: ${USAGE}`, 2);
  const read = readProcessConfig();
  if (!read.ok) return say(read.problems.join('\n'), 78);
  const { slack } = read.config;
  if (slack === undefined) {
    return say(
      'Set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET first: npx firstcall init asks for them.',
      78,
    );
  }
  const recorder = createRecorder();
  const { apiUrl } = slack;
  const client = createSlackClient({ token: slack.botToken, apiUrl, fetch: recorder.fetch });
  const results = await verifySlack({
    ...{ client, recorder, channel: options.channel, teamId: slack.teamId },
    board: createSlackLeadBoard(client),
    person: options.user ?? read.config.admins[0],
    scopes: await manifestScopes(),
    openSocket: socketOpener(slack, recorder.fetch),
    now: () => new Date(),
  });
  const path = resolve(options.out);
  await mkdir(dirname(path), { recursive: true });
  const kept = { at: new Date().toISOString(), results, calls: recorder.calls };
  await writeFile(path, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  process.stdout.write(printed(results, path));
  return results.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

function readOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        channel: { type: 'string' },
        user: { type: 'string' },
        out: { type: 'string', default: OUT },
      },
    });
    const { channel, user, out } = values;
    return channel === undefined || channel === '' ? null : { channel, user, out };
  } catch {
    return null;
  }
}

async function manifestScopes(): Promise<string[]> {
  return Manifest.parse(parse(await readFile(MANIFEST, 'utf8'))).oauth_config.scopes.bot;
}

function socketOpener(slack: NonNullable<Config['slack']>, send: typeof fetch) {
  const { appToken, apiUrl } = slack;
  if (appToken === undefined) return null;
  const client = createSlackClient({ token: appToken, apiUrl, fetch: send });
  return () => client.apps.connections.open();
}

const MARKS = { passed: 'pass', failed: 'FAIL', skipped: '  - ' } as const;

function printed(results: readonly StepResult[], path: string): string {
  const width = Math.max(...results.map(({ name }) => name.length));
  const lines = results.map(
    ({ name, outcome, detail }) => `  ${MARKS[outcome]}  ${name.padEnd(width)}  ${detail}`,
  );
  const count = (wanted: StepResult['outcome']) =>
    results.filter(({ outcome }) => outcome === wanted).length;
  const sum = `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} not tried.`;
  return `${[...lines, sum, `What Slack answered, without tokens: ${path}`].join('\n')}\n`;
}

function say(text: string, code: number): number {
  process.stderr.write(`${text}\n`);
  return code;
}

if (import.meta.main) process.exitCode = await runVerifySlack(process.argv.slice(2));
