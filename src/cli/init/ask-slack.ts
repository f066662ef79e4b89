import { type Checked, checkAppToken, checkBotToken, checkPerson } from './check-slack.ts';
import type { Settings } from './settings.ts';

/** Bot token, signing secret, app-level token and first admin, each checked where Slack can say. */
export async function askSlack(settings: Settings, apiUrl: string): Promise<void> {
  const { terminal } = settings;
  terminal.say('\nSlack (empty skips it)');
  if (await settings.mayChange('SLACK_BOT_TOKEN', 'The bot token')) {
    const bot = await askChecked(settings, 'Bot token (xoxb-...):', (token) =>
      checkBotToken({ token, apiUrl }),
    );
    if (bot === null) return;
    settings.set('SLACK_BOT_TOKEN', bot.value);
    settings.set('SLACK_TEAM_ID', bot.checked.teamId);
    terminal.say(`  The token works: ${bot.checked.bot} in ${bot.checked.team}.`);
  }
  if (await settings.mayChange('SLACK_SIGNING_SECRET', 'The signing secret')) {
    const secret = await askChecked(settings, 'Signing secret (Basic Information):', checkSecret);
    if (secret !== null) {
      settings.set('SLACK_SIGNING_SECRET', secret.value);
      terminal.say('  Kept. Slack has no way to check it: the first click will show it.');
    }
  }
  if (await settings.mayChange('SLACK_APP_TOKEN', 'The app-level token')) {
    const question = 'App-level token for Socket Mode (xapp-..., empty: Slack calls our address):';
    const app = await askChecked(settings, question, (token) => checkAppToken({ token, apiUrl }));
    if (app !== null) {
      settings.set('SLACK_APP_TOKEN', app.value);
      terminal.say('  Socket Mode works.');
    }
  }
  await askAdmin(settings, apiUrl);
}

async function askAdmin(settings: Settings, apiUrl: string): Promise<void> {
  const token = settings.get('SLACK_BOT_TOKEN');
  if (token === undefined || !(await settings.mayChange('FIRSTCALL_ADMINS', 'The first admin'))) {
    return;
  }
  const question = 'First admin: e-mail address or member id in Slack:';
  const found = await askChecked(
    settings,
    question,
    (who) => checkPerson({ token, apiUrl }, who),
    'shown',
  );
  if (found === null) return;
  settings.set('FIRSTCALL_ADMINS', found.value);
  settings.terminal.say(`  ${found.checked.name} is the first admin.`);
}

async function checkSecret(secret: string): Promise<Checked<object>> {
  if (/^[0-9a-f]{32}$/i.test(secret)) return { ok: true };
  const problem = 'A signing secret has 32 letters and digits: copy the whole of it.';
  return { ok: false, problem };
}

/** Asks until the answer is good. Null: skipped, or the input has ended. */
export async function askChecked<T>(
  { terminal }: Settings,
  question: string,
  check: (value: string) => Promise<Checked<T>>,
  how: 'hidden' | 'shown' = 'hidden',
): Promise<{ value: string; checked: T } | null> {
  for (;;) {
    const value = await (how === 'hidden' ? terminal.askHidden(question) : terminal.ask(question));
    if (value === null || value === '') return null;
    const checked = await check(value);
    if (checked.ok) return { value, checked };
    terminal.say(`  ${checked.problem}`);
  }
}
