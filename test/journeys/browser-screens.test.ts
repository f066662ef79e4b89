import { DateTime } from 'luxon';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Demo, startDemo } from '../../demo/run-demo.ts';
import { ADMIN_STEPS } from '../support/browser/admin-steps.ts';
import { type Journey, type Pass, startJourney } from '../support/browser/journey.ts';
import { LATER_STEPS } from '../support/browser/later-steps.ts';
import { MANAGER_STEPS } from '../support/browser/manager-steps.ts';
import { REP_STEPS } from '../support/browser/rep-steps.ts';
import { launchChromium, whyNoBrowser } from '../support/chromium.ts';
import { createDataFolder, type DataFolder } from '../support/data-folder.ts';
import { isLongRun } from '../support/effort.ts';
import { createMovableClock } from '../support/movable-clock.ts';
import { unusableTexts } from '../support/spoken-texts.ts';

/*
 * Every role and flow by hand, once at a desk and once on a phone; every screen on the way is looked at in
 * both colour schemes. The screenshots stay in test-results/screenshots.
 */

const PASSES: readonly Pass[] = [
  { width: 'desktop', scheme: 'light' },
  { width: 'phone', scheme: 'dark' },
];
const STEPS = [...REP_STEPS, ...MANAGER_STEPS, ...ADMIN_STEPS, ...LATER_STEPS];
const skip = isLongRun ? whyNoBrowser() : 'SKIPPED: every screen is looked at in test:long';

describe.skipIf(skip !== null)(skip ?? 'every screen', { timeout: 240_000 }, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser?.close());

  describe.each(PASSES)('at a $width, $scheme', (pass) => {
    let demo: Demo;
    let data: DataFolder;
    let journey: Journey;

    beforeAll(async () => {
      data = await createDataFolder();
      const say = () => undefined;
      const clock = createMovableClock();
      clock.advance(nextTuesday(clock.now()).getTime() - clock.now().getTime());
      const started = await startDemo({ port: 0, pace: 0, dataDir: data.path, clock, say });
      if (!started.ok) throw new Error(started.message);
      demo = started.demo;
      const posted = () =>
        expect(started.demo.workspace.journal.posts().length).toBeGreaterThan(11);
      await vi.waitFor(posted, { timeout: 120_000, interval: 250 });
      journey = await startJourney(browser, demo.url, pass, clock);
    }, 240_000);

    afterAll(async () => {
      await journey?.close();
      await demo?.stop();
      await data?.remove();
    });

    it.each(STEPS)('%s', (_title, walk) => walk(journey));

    it('every screen reads well: to axe, at 360 px, in the dark, to a thumb', () => {
      expect(journey.findings.join('\n')).toBe('');
    });

    it('nothing went wrong on the way, and Slack would have refused nothing', () => {
      expect(journey.complaints).toEqual([]);
      expect(demo.workspace.journal.violations).toEqual([]);
      expect(demo.workspace.journal.duplicatePosts()).toEqual(new Map());
    });

    it('every message is usable from its text alone', () => {
      expect(unusableTexts(demo.workspace.journal)).toEqual([]);
    });
  });
});

/** In the middle of the morning of the sample teams, who work on weekdays in New York. */
function nextTuesday(now: Date): Date {
  const day = DateTime.fromJSDate(now, { zone: 'America/New_York' }).plus({ days: 1 });
  const days = (2 - day.weekday + 7) % 7;
  return day.plus({ days }).set({ hour: 10, minute: 10 }).toJSDate();
}
