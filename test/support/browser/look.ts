import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { screenshot } from '../chromium.ts';
import { PAGE_CHECKS } from './page-checks.ts';

export const WIDTHS = { desktop: { width: 1280, height: 860 }, phone: { width: 360, height: 740 } };

export type Width = keyof typeof WIDTHS;
export type Scheme = 'light' | 'dark';

export interface Look {
  width: Width;
  scheme: Scheme;
}

/** One width, both colour schemes. */
export function bothSchemes(width: Width): Look[] {
  return (['light', 'dark'] as const).map((scheme) => ({ width, scheme }));
}

/** The two that differ in both: for the short run. */
export const TWO_LOOKS: readonly Look[] = [
  { width: 'desktop', scheme: 'light' },
  { width: 'phone', scheme: 'dark' },
];

interface AxeFinding {
  id: string;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}

const AXE_RUN = `axe.run(document, {
  resultTypes: ['violations'],
  // An open menu lies over other targets for as long as it is open.
  rules: { 'target-size': { enabled: document.querySelector('[role=menu]') === null } },
}).then(({ violations }) => violations)`;

/**
 * Looks at the screen as it stands, in each of these ways: keeps a screenshot and tells what axe finds,
 * what is cut off, what scrolls sideways and what is too small to touch. Ends as the page was before.
 */
export async function lookAt(page: Page, name: string, looks: readonly Look[]): Promise<string[]> {
  const before = page.viewportSize();
  const found: string[] = [];
  for (const { width, scheme } of looks) {
    await page.setViewportSize(WIDTHS[width]);
    await page.emulateMedia({ colorScheme: scheme });
    await page.evaluate(settled(scheme));
    await screenshot(page, `${name}-${width}-${scheme}`);
    const seen = [...(await checkAccess(page)), ...(await page.evaluate<string[]>(PAGE_CHECKS))];
    found.push(...seen.map((problem) => `${name}, ${width}, ${scheme}: ${problem}`));
  }
  if (before !== null) await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: null });
  return found;
}

/** Resolves when the page has the colours asked for and nothing moves on it any more. */
function settled(scheme: Scheme): string {
  return `new Promise((done) => {
    const isStill = () =>
      document.documentElement.dataset.theme === '${scheme}' &&
      document.getAnimations().every((one) =>
        one.playState !== 'running' || one.effect.getTiming().iterations === Infinity);
    const look = () => (isStill() ? done() : requestAnimationFrame(look));
    requestAnimationFrame(look);
  })`;
}

async function checkAccess(page: Page): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
  const findings = await page.evaluate<AxeFinding[]>(AXE_RUN);
  return findings.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 3).map(({ html }) => `${id} (${help}): ${html.slice(0, 160)}`),
  );
}
