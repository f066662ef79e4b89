import type { Browser, Locator, Page } from 'playwright-core';
import type { MovableClock } from '../movable-clock.ts';
import { bothSchemes, lookAt, type Scheme, WIDTHS, type Width } from './look.ts';

/** One person at a time at a browser, who goes through the product by what is on the screen. */
export interface Journey {
  page: Page;
  /** Becomes this sample person ("Sample Manager"), in this channel. */
  be(name: string, place?: string): Promise<void>;
  /** `leads-growth`, or `First Call` for the App Home. */
  go(place: string): Promise<void>;
  /** The newest private answer, after this command. */
  command(text: string): Promise<Locator>;
  /** The board of the open channel. */
  board(): Locator;
  modal(): Locator;
  closeModal(): Promise<void>;
  /** The newest private answer that says this. */
  answer(text: string | RegExp): Locator;
  /** Lets so much time pass at once, for everything but the browser. */
  later(minutes: number): void;
  /** Keeps a screenshot, and notes what is wrong with the screen, in both colour schemes. */
  look(name: string): Promise<void>;
  /** What was wrong with the screens so far. */
  findings: readonly string[];
  /** Everything that the page complained about. */
  complaints: readonly string[];
  close(): Promise<void>;
}

/** What one person does, for one `it`. */
export type Step = readonly [title: string, walk: (journey: Journey) => Promise<void>];

export interface Pass {
  width: Width;
  scheme: Scheme;
}

export async function startJourney(
  browser: Browser,
  url: string,
  pass: Pass,
  clock: MovableClock,
): Promise<Journey> {
  const context = await browser.newContext({
    viewport: WIDTHS[pass.width],
    colorScheme: pass.scheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('response', async (response) => {
    if (response.status() >= 400) complaints.push(`${response.url()}: ${await response.text()}`);
  });
  await page.goto(url);
  await page.getByTestId('message').first().waitFor();
  const crm = page.getByRole('button', { name: 'Close the CRM' });
  if (await crm.isVisible()) await crm.click();
  const findings: string[] = [];
  const moves = movesOn(page, pass, findings, clock);
  return { ...moves, findings, complaints, close: () => context.close() };
}

function movesOn(page: Page, pass: Pass, findings: string[], clock: MovableClock) {
  const modal = () => page.getByTestId('modal');
  const openMenu = async () => {
    const menu = page.getByRole('button', { name: 'Channels and people', expanded: false });
    if (pass.width === 'phone' && (await menu.isVisible())) await menu.click();
  };
  const go = async (place: string) => {
    await openMenu();
    await page.getByTestId(`place-${place}`).click();
  };
  return {
    page,
    go,
    async be(name: string, place = 'leads-enterprise') {
      await openMenu();
      await page.getByRole('radio', { name: new RegExp(name) }).click();
      await go(place);
      await page
        .getByLabel(new RegExp(`as ${name}`))
        .or(page.getByTestId('app-home'))
        .waitFor();
    },
    async command(text: string) {
      const before = await page.getByTestId('ephemeral').count();
      await page.getByTestId('command-line').fill(text);
      await page.keyboard.press('Enter');
      const answer = page.getByTestId('ephemeral').nth(before);
      await answer.or(modal()).first().waitFor();
      return answer;
    },
    board: () => page.getByTestId('message').filter({ hasText: 'leads to call, best first' }),
    modal,
    async closeModal() {
      while ((await modal().count()) > 0) {
        const title = await modal().getAttribute('aria-label');
        await page.keyboard.press('Escape');
        const same = page.locator(`[data-testid=modal][aria-label="${title}"]`);
        await same.waitFor({ state: 'detached' });
      }
    },
    answer: (text: string | RegExp) =>
      page.getByTestId('ephemeral').filter({ hasText: text }).last(),
    later: (minutes: number) => clock.advance(minutes * 60_000),
    async look(name: string) {
      findings.push(...(await lookAt(page, name, bothSchemes(pass.width))));
      await page.emulateMedia({ colorScheme: pass.scheme });
    },
  };
}
