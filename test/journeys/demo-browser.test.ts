import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Demo, startDemo } from '../../demo/run-demo.ts';
import { rankedOpenLeads } from '../../src/delivery/queries/board-query.ts';
import { launchChromium, screenshot, whyNoBrowser } from '../support/chromium.ts';
import { createDataFolder, type DataFolder } from '../support/data-folder.ts';
import { unusableTexts } from '../support/spoken-texts.ts';

const skip = whyNoBrowser();
const WAIT = { timeout: 45_000, interval: 250 };

/** The whole demo as `npm run demo` starts it, used by people in a browser. */
describe.skipIf(skip !== null)(skip ?? 'the demo in a browser', { timeout: 120_000 }, () => {
  let demo: Demo;
  let browser: Browser;
  let page: Page;
  let data: DataFolder;
  let acceptedId: string;
  let overriddenId: string;

  beforeAll(async () => {
    data = await createDataFolder();
    const started = await startDemo({
      port: 0,
      pace: 0,
      dataDir: data.path,
      say: () => undefined,
    });
    if (!started.ok) throw new Error(started.message);
    demo = started.demo;
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1360, height: 940 } });
    page.setDefaultTimeout(20_000);
    await page.goto(demo.url);
    await allSampleLeadsShown();
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    await data.remove();
  });

  async function allSampleLeadsShown(): Promise<void> {
    const { db } = demo.app.parts;
    await vi.waitFor(async () => {
      const waiting = await db
        .selectFrom('outbox')
        .select('key')
        .where('lane', '=', 'slack')
        .where('state', '<>', 'done')
        .execute();
      expect(waiting).toEqual([]);
      expect((await boardOrder('leads-enterprise')).length).toBeGreaterThan(4);
    }, WAIT);
  }

  async function be(name: string): Promise<void> {
    const person = page.getByRole('radio', { name: new RegExp(name) });
    await person.click();
    await vi.waitFor(async () => expect(await person.isChecked()).toBe(true), WAIT);
    await page.getByTestId('place-leads-enterprise').click();
  }

  async function command(text: string): Promise<void> {
    await page.getByTestId('command-line').fill(text);
    await page.keyboard.press('Enter');
  }

  function board(): Locator {
    return page.getByTestId('message').filter({ hasText: 'leads to call, best first' });
  }

  /** Short ids as the page shows them, top to bottom. */
  async function shownOrder(): Promise<string[]> {
    const text = (await board().allInnerTexts()).join('\n');
    return [...text.matchAll(/\bL-[0-9A-Z]{4,6}\b/g)].map(([id]) => id);
  }

  async function boardOrder(channel: string) {
    return rankedOpenLeads(demo.app.parts.db, channel, new Date());
  }

  async function leadOf(shortId: string) {
    return demo.app.parts.db
      .selectFrom('leads')
      .selectAll()
      .where('short_id', '=', shortId)
      .executeTakeFirstOrThrow();
  }

  async function counted(label: 'accepted' | 'overridden'): Promise<number> {
    const { count } = await demo.app.parts.db
      .selectFrom('decisions')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('kind', '=', label)
      .executeTakeFirstOrThrow();
    return count;
  }

  it('a rep accepts one lead: the board closes up in place, and Salesforce knows', async () => {
    await be('Sample Rep One');
    const before = await shownOrder();
    const messages = await page.getByTestId('message').count();
    await screenshot(page, '1-board');

    await board()
      .getByRole('button', { name: /^Accept/ })
      .first()
      .click();

    acceptedId = before[0] ?? '';
    await page.getByTestId('ephemeral').filter({ hasText: `Recorded` }).first().waitFor();
    await vi.waitFor(async () => expect(await shownOrder()).not.toContain(acceptedId), WAIT);
    expect((await shownOrder())[0]).toBe(before[1]);
    expect(await page.getByTestId('message').count()).toBe(messages);
    await screenshot(page, '2-accepted');
    const lead = await leadOf(acceptedId);
    await vi.waitFor(() => {
      const record = demo.salesforce.lead(lead.crm_id ?? '');
      expect(record).toMatchObject({
        First_Call_Decision__c: expect.stringMatching(/accepted/i),
        OwnerId: demo.salesforce.userIdByEmail(demo.workspace.users.repOne.email),
      });
    }, WAIT);
  });

  it('a rep reads the whole why, and its lines sum to the score', async () => {
    const [first = ''] = await shownOrder();

    await command(`/firstcall why ${first}`);

    const why = page.getByTestId('modal');
    await why.getByText(first).first().waitFor();
    await screenshot(page, '3-why');
    await page.keyboard.press('Escape');
    await why.waitFor({ state: 'detached' });
  });

  it('a rep overrides another: it moves at once, and Salesforce has the reason', async () => {
    const [before = ''] = await shownOrder();
    overriddenId = before;

    await board()
      .getByRole('button', { name: /^Override/ })
      .first()
      .click();
    const modal = page.getByTestId('modal');
    await modal.getByRole('radio', { name: 'Tier D' }).check();
    await modal.getByRole('combobox').first().selectOption({ label: 'No real interest' });
    await modal.getByRole('checkbox').first().check();
    await modal.getByRole('radio', { name: 'Reached', exact: true }).check();
    await screenshot(page, '4-override');
    await modal.getByRole('button', { name: 'Save' }).click();

    await vi.waitFor(async () => expect((await shownOrder())[0]).not.toBe(overriddenId), WAIT);
    await screenshot(page, '5-overridden');
    const lead = await leadOf(overriddenId);
    expect(lead.override_tier).toBe('D');
    await vi.waitFor(() => {
      expect(demo.salesforce.lead(lead.crm_id ?? '')).toMatchObject({
        First_Call_Decision__c: expect.stringMatching(/overrid/i),
        First_Call_Override_Reason__c: expect.stringMatching(/no.real.interest/i),
      });
    }, WAIT);
    if (await modal.isVisible()) await page.keyboard.press('Escape');
  });

  it('the manager reads a report that counts both, with intervals and the conservation line', async () => {
    await be('Sample Manager');

    await command('/firstcall report');

    const report = page.getByTestId('ephemeral').filter({ hasText: 'Override rate' });
    await report.waitFor();
    const text = (await report.allInnerTexts()).join('\n');
    await screenshot(page, '6-report');
    expect(text).toContain(`${await counted('accepted')} accepted`);
    expect(text).toContain(`${await counted('overridden')} overridden`);
    expect(text).toMatch(/Override rate\s+\d+ of \d+, \d+% \(95% interval \d+ to \d+%\)/);
    const [, received, merged, delivered, held, inFlight] =
      /(\d+) received = (\d+) merged \+ (\d+) delivered \+ (\d+) held \+ (\d+) in flight/
        .exec(text)
        ?.map(Number) ?? [];
    expect(received).toBe((merged ?? 0) + (delivered ?? 0) + (held ?? 0) + (inFlight ?? 0));
  });

  it('the admin changes a weight, the board re-ranks; a rollback gives the ranking of before', async () => {
    await be('Sample Admin');
    const fixed = new Date();
    const before = await rankedAt(fixed);

    await command('/firstcall rules');
    const modal = page.getByTestId('modal');
    await modal.getByRole('button', { name: /Change fit\.company-size\.mid-market/ }).click();
    await modal.getByLabel(/Points/).fill('-40');
    await modal.getByLabel(/Why this change/).fill('Mid-market is not our market this quarter');
    await screenshot(page, '7-change-rule');
    await modal.getByRole('button', { name: 'Preview' }).click();
    await modal.getByRole('button', { name: /Publish/ }).waitFor();
    await screenshot(page, '8-preview');
    await modal.getByRole('button', { name: /Publish/ }).click();
    await modal.getByText('Ruleset 2 is live').first().waitFor();
    await rescoredBy(2);
    expect(await rankedAt(fixed)).not.toEqual(before);
    await screenshot(page, '9-published');

    const { version } = await demo.app.parts.rulesets.liveRow();
    expect(version).toBe(2);
    await rollBackInThePage(modal);
    await rescoredBy(3);
    expect(await rankedAt(fixed)).toEqual(before);
    await screenshot(page, '10-rolled-back');
  });

  async function rollBackInThePage(modal: Locator): Promise<void> {
    await vi.waitFor(async () => {
      await page.keyboard.press('Escape');
      expect(await modal.count()).toBe(0);
    }, WAIT);
    await command('/firstcall rules');
    await modal.getByText('Ruleset 2,').waitFor();
    await modal
      .getByRole('button', { name: /Roll ?back/i })
      .first()
      .click();
    const choice = modal.getByRole('combobox');
    await screenshot(page, '9b-rollback');
    if (await choice.count()) await choice.first().selectOption({ index: 1 });
    await modal.getByLabel(/Why go back/).fill('Mid-market is our market after all');
    await modal.getByRole('button', { name: 'Preview' }).click();
    await modal.getByText('Back to the rules of ruleset 1, as ruleset 3').waitFor();
    await screenshot(page, '9c-rollback-preview');
    await modal
      .getByRole('button', { name: /Roll ?back/i })
      .last()
      .click();
  }

  async function rankedAt(now: Date) {
    const boards = await Promise.all(
      ['leads-enterprise', 'leads-growth'].map((channel) =>
        rankedOpenLeads(demo.app.parts.db, channel, now),
      ),
    );
    return boards.map((leads) =>
      leads.map(({ id, points, effectiveTier }) => ({ id, points, effectiveTier })),
    );
  }

  async function rescoredBy(version: number): Promise<void> {
    await vi.waitFor(async () => {
      const stale = await demo.app.parts.db
        .selectFrom('leads')
        .innerJoin('assessments', 'assessments.id', 'leads.assessment_id')
        .select('leads.id')
        .where('leads.state', '=', 'open')
        .where((eb) =>
          eb.or([
            eb('assessments.ruleset_version', '<>', version),
            eb('leads.score_due_at', 'is not', null),
          ]),
        )
        .execute();
      expect(stale).toEqual([]);
    }, WAIT);
  }

  it('fits a phone, in the dark', async () => {
    const phone = await browser.newPage({
      viewport: { width: 360, height: 740 },
      colorScheme: 'dark',
    });
    await phone.goto(demo.url);
    await phone.getByTestId('message').first().waitFor();
    await screenshot(phone, '11-phone');
    const overflow = await phone.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBe(0);
    await phone.close();
  });

  it('kept every limit of Slack meanwhile', () => {
    expect(demo.workspace.journal.violations).toEqual([]);
    expect(demo.workspace.journal.duplicatePosts()).toEqual(new Map());
  });

  it('every message was usable from its text alone', () => {
    expect(unusableTexts(demo.workspace.journal)).toEqual([]);
  });
});
