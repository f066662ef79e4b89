import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Answers } from '../../../demo/slack/form-state.ts';
import type { Person } from '../../../demo/slack/person.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { localDay } from '../../../src/routing/availability.ts';
import { eventually } from '../../support/eventually.ts';
import { sampleLead } from '../../support/fake-lead-views.ts';
import { uniqueLeads } from '../../support/hostile-views.ts';
import { type SlackHarness, startSlackHarness } from '../../support/slack-harness.ts';

const LEADS = uniqueLeads([sampleLead(), sampleLead({ shortId: 'L-9QX2' })]);
const DAY_MS = 86_400_000;

let slack: SlackHarness;
let rep: Person;
beforeAll(async () => {
  slack = await startSlackHarness(LEADS);
  rep = slack.person('repOne');
});
afterAll(() => slack.close());
beforeEach(async () => {
  vi.restoreAllMocks();
  slack.fake.preferences.clear();
  slack.fake.ledger.rows.length = 0;
  while (rep.topView() !== undefined) await rep.closeView();
  await rep.runCommand('/firstcall', 'prefs');
  await eventually(() => expect(shown()).toContain('prefs_view'));
});

const shown = () => JSON.stringify(rep.topView() ?? null);
const submit = (answers: Answers = {}) => rep.submitView(rep.topView()?.id ?? '', answers);
const saved = () => slack.fake.preferences.get(rep.user.id);
const day = (offset: number) => localDay(new Date(Date.now() + offset * DAY_MS), null).date;

async function told(answers: Answers): Promise<string> {
  await submit(answers);
  await eventually(() => expect(shown()).toContain('Saved'));
  return /Saved: [^"]*/.exec(shown())?.[0] ?? '';
}

describe('preferences', () => {
  test('are saved as chosen, and one sentence says what holds now', async () => {
    expect(
      await told({
        alerts: 'direct',
        quiet_from: '18:00',
        quiet_to: '08:00',
        digest_at: '08:30',
        away_from: day(2),
        away_until: day(9),
      }),
    ).toMatch(
      /^Saved: hot leads come as a direct message, quiet from 18:00 to 08:00, digest at 08:30 on working days, away from \w{3} \d+ \w{3,4}, back on \w{3} \d+ \w{3,4}\.$/,
    );
    expect(saved()).toMatchObject({
      alerts: 'direct',
      quietHours: { from: '18:00', to: '08:00' },
      digestAt: '08:30',
    });
    // Opened again, it shows what holds.
    await rep.closeView();
    await rep.runCommand('/firstcall', 'prefs');
    await eventually(() => expect(shown()).toContain('"initial_date"'));
    expect(await told({})).toContain('quiet from 18:00 to 08:00');
    expect(saved()?.quietHours).toEqual({ from: '18:00', to: '08:00' });
    expect(slack.workspace.journal.violations).toEqual([]);
  });

  test.each<[Answers, string, RegExp]>([
    [{ quiet_from: '18:00' }, 'quiet_to', /Say when quiet hours end/],
    [{ quiet_to: '18:00' }, 'quiet_from', /Say when quiet hours begin/],
    [{ quiet_from: '18:00', quiet_to: '18:00' }, 'quiet_to', /end when they begin/],
    [{ away_from: day(1) }, 'away_until', /on which day you are back/],
    [{ away_until: day(1) }, 'away_from', /from which day on/],
    [{ away_from: day(3), away_until: day(3) }, 'away_until', /must come after/],
    [{ away_from: day(-3), away_until: day(-1) }, 'away_until', /back before today/],
    [{ away_from: day(0), away_until: day(400) }, 'away_until', /a year at most/],
    [{ away_from: '2026-02-30', away_until: day(9) }, 'away_from', /not a day of the calendar/],
    [{ absence: 'give_back' }, 'absence', /begins today/],
    [{ away_from: day(1), away_until: day(3), absence: ['give_back'] }, 'absence', /begins today/],
  ])('what does not fit is said in place and not saved: %j', async (answers, input, text) => {
    const { body } = await submit(answers);
    expect(body).toMatchObject({
      response_action: 'errors',
      errors: { [input]: expect.stringMatching(text) },
    });
    expect(saved()).toBeUndefined();
  });

  test('an absence that begins today gives leads back, once, and one that fails is told', async () => {
    let calls = 0;
    slack.fake.ledger.before = async () => {
      calls += 1;
      if (calls === 2) throw new Error('gone');
    };
    const text = await told({
      away_from: day(0),
      away_until: day(5),
      absence: ['give_back'],
    });
    slack.fake.ledger.before = async () => undefined;
    expect(text).toMatch(/away until .*, 1 lead is back with the team, 1 lead could not be given/);
    expect(slack.fake.ledger.rows.map(({ kind, context }) => [kind, context.actor])).toEqual([
      ['reassigned', rep.user.id],
    ]);
    const away = saved()?.away;
    expect(Math.abs((away?.from.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);

    await rep.closeView();
    await rep.runCommand('/firstcall', 'prefs');
    await eventually(() => expect(shown()).toContain('end my absence'));
    expect(await told({ absence: ['end_absence'] })).toContain('not away');
    expect(saved()?.away).toBeNull();
  });

  test('a commit whose answer was lost is asked again: every lead is counted, each given back once', async () => {
    let calls = 0;
    slack.fake.ledger.before = async () => {
      calls += 1;
      if (calls === 2) throw new AppError('database_unsure', 'lost', { retryable: true });
    };
    const answers = { away_from: day(0), away_until: day(5), absence: ['give_back'] };
    expect(await told(answers)).toContain('2 leads are back with the team');
    slack.fake.ledger.before = async () => undefined;
    expect(slack.fake.ledger.rows).toHaveLength(2);
  });

  test('nothing is said to be saved that is not; what was entered is kept', async () => {
    vi.spyOn(slack.fake.deps.preferences, 'save').mockRejectedValueOnce(new Error('gone'));
    await submit({ alerts: 'none', away_from: day(1), away_until: day(4) });
    await vi.waitFor(() => expect(shown()).toContain('Not recorded, please save again'), 4_000);
    expect(shown()).toContain(`"initial_date":"${day(4)}"`);
    expect(await told({})).toContain('hot leads do not ping you');
  });
});
