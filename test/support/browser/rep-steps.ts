import type { Locator } from 'playwright-core';
import type { Journey, Step } from './journey.ts';

/** From the menu of the first lead on the board. */
async function pickFromMenu({ page, board }: Journey, entry: string): Promise<void> {
  await board().getByRole('button', { name: 'More actions' }).first().click();
  await page.getByRole('menuitem', { name: entry }).click();
}

function firstButton({ board }: Journey, label: string): Locator {
  return board()
    .getByRole('button', { name: new RegExp(`^${label} `) })
    .first();
}

async function shortIdOfFirst({ board }: Journey): Promise<string> {
  const [text = ''] = await board().allInnerTexts();
  return /\bL-[0-9A-Z]{4,6}\b/.exec(text)?.[0] ?? 'none';
}

export const REP_STEPS: readonly Step[] = [
  [
    'a rep reads the board, and accepts the best lead',
    async (journey) => {
      await journey.be('Sample Rep One');
      await journey.look('rep-board');
      await pickMenuOnly(journey);
      const id = await shortIdOfFirst(journey);
      await firstButton(journey, 'Accept').click();
      await journey.answer(`Yours to call: A, ${id}`).waitFor();
      await journey.look('rep-accepted');
    },
  ],
  [
    'a rep undoes it',
    async (journey) => {
      const answer = journey.answer('Recorded.');
      await answer.getByRole('button', { name: 'Undo' }).click();
      await journey.answer('Undone.').waitFor();
      await journey.look('rep-undone');
    },
  ],
  [
    'a rep reads the whole why',
    async (journey) => {
      await pickFromMenu(journey, 'Why');
      await journey.modal().getByText('points = fit').first().waitFor();
      await journey.look('rep-why');
      await journey.closeModal();
    },
  ],
  [
    'a rep asks why at the board itself, and picks the lead',
    async (journey) => {
      const { page } = journey;
      await journey.board().getByRole('button', { name: 'Message shortcuts' }).click();
      await page.getByRole('menuitem', { name: 'Why this lead?' }).click();
      const modal = journey.modal();
      const first = modal.getByRole('button', { name: /^Why / }).first();
      await first.waitFor();
      await journey.look('rep-pick-lead');
      await first.click();
      await modal.getByText('points = fit').first().waitFor();
      // Both bear one title: back in the list, then out of it.
      await page.keyboard.press('Escape');
      await first.waitFor();
      await journey.closeModal();
    },
  ],
  [
    'a rep overrides in three taps',
    async (journey) => {
      const id = await shortIdOfFirst(journey);
      await firstButton(journey, 'Override').click();
      const modal = journey.modal();
      await modal.getByRole('radio', { name: 'Tier D' }).check();
      await modal.getByRole('combobox').first().selectOption({ label: 'No real interest' });
      await journey.look('rep-override');
      await modal.getByRole('button', { name: 'Save' }).click();
      await modal.getByText(`Recorded. ${id} is D now`).waitFor();
      await journey.look('rep-overridden');
      await journey.closeModal();
    },
  ],
  [
    'a rep takes a lead off the board that should not be called',
    async (journey) => {
      const id = await shortIdOfFirst(journey);
      await pickFromMenu(journey, 'Why');
      const modal = journey.modal();
      await modal.getByRole('button', { name: /^Disqualify/ }).click();
      await modal.getByText('Leaves the board; the CRM is told.').waitFor();
      await modal.getByRole('combobox').first().selectOption({ label: 'Works for a competitor' });
      await journey.look('rep-disqualify');
      await modal.getByRole('button', { name: 'Disqualify' }).click();
      await modal.getByText(/Recorded/).waitFor();
      await journey.look('rep-disqualified');
      await journey.closeModal();
      await journey.board().getByText(id).waitFor({ state: 'detached' });
    },
  ],
  [
    'a rep snoozes a lead to a time of their choice',
    async (journey) => {
      await pickFromMenu(journey, 'Snooze');
      await journey.modal().getByText('Back on the board').waitFor();
      await journey.look('rep-snooze');
      await journey.modal().getByRole('radio').first().check();
      await journey.modal().getByRole('button', { name: 'Snooze' }).click();
      await journey.modal().getByText('is snoozed').waitFor();
      await journey.closeModal();
    },
  ],
  [
    'a rep hands a lead over to a colleague',
    async (journey) => {
      await pickFromMenu(journey, 'Hand over');
      const modal = journey.modal();
      await modal.getByRole('combobox').first().selectOption({ label: 'Sample Rep Two' });
      await journey.look('rep-hand-over');
      await modal.getByRole('button', { name: 'Hand over' }).click();
      await modal.getByText('is handed over').waitFor();
      await journey.closeModal();
    },
  ],
  [
    'a rep says that a lead is not theirs',
    async (journey) => {
      await pickFromMenu(journey, 'Not mine');
      await journey.answer(/Recorded/).waitFor();
      await journey.look('rep-not-mine');
    },
  ],
  [
    'a rep asks for the next lead, the queue and help',
    async (journey) => {
      const words: Readonly<Record<string, RegExp>> = {
        next: /Accept/,
        queue: /L-/,
        help: /firstcall next/,
      };
      for (const [word, says] of Object.entries(words)) {
        const answer = await journey.command(`/firstcall ${word}`);
        await answer.filter({ hasText: says }).waitFor();
        await journey.look(`rep-${word}`);
      }
    },
  ],
  [
    'a rep has the board posted again at the end of the channel',
    async (journey) => {
      // One that was posted within the last minute is not posted again.
      journey.later(2);
      await journey.command('/firstcall board');
      await journey.page.getByTestId('message').last().getByText('leads to call').waitFor();
      await journey.look('rep-board-again');
    },
  ],
  [
    'a rep mistypes, and is helped',
    async (journey) => {
      const answer = await journey.command('/firstcall quue');
      await answer.filter({ hasText: 'Did you mean' }).waitFor();
      await journey.look('rep-mistyped');
    },
  ],
  [
    'a rep opens the App Home: the queue, filters, own figures, preferences',
    async (journey) => {
      const { page } = journey;
      await journey.go('First Call');
      const home = page.getByTestId('app-home');
      await home.getByText('Your queue').first().waitFor();
      await journey.look('rep-home');
      await home.getByRole('combobox').first().selectOption('accepted');
      await home
        .getByText(/accepted by you|no accepted lead/)
        .first()
        .waitFor();
      await home.getByRole('button', { name: 'Preferences' }).click();
      await journey.modal().getByText('Quiet from').waitFor();
      await journey.look('rep-preferences');
      await journey.modal().getByRole('button', { name: 'Save' }).click();
      await journey.modal().getByText(/Saved/).waitFor();
      await journey.closeModal();
    },
  ],
];

/** Open, for its look, and closed again. */
async function pickMenuOnly(journey: Journey): Promise<void> {
  await journey.board().getByRole('button', { name: 'More actions' }).first().click();
  await journey.page.getByRole('menuitem', { name: 'Why' }).waitFor();
  await journey.look('rep-menu');
  await journey.page.keyboard.press('Escape');
}
