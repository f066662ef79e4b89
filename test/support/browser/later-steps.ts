import type { Journey, Step } from './journey.ts';

/** What happens by itself as time passes. */
export const LATER_STEPS: readonly Step[] = [
  [
    'a rep asks for a digest, and gets it at the next half hour',
    async (journey) => {
      await journey.be('Sample Rep One', 'First Call');
      await journey.page.getByRole('button', { name: 'Preferences' }).click();
      await journey.modal().getByLabel('Digest on working days').selectOption('10:30');
      await journey.modal().getByRole('button', { name: 'Save' }).click();
      await journey.modal().getByText(/Saved/).waitFor();
      await journey.closeModal();
      journey.later(21);
      await openMessages(journey);
      await reads(journey, /leads? waits? for you/);
      await journey.look('later-digest');
    },
  ],
  [
    'leads that nobody takes are told to their rep, then to the team, then to its manager',
    async (journey) => {
      // Of the hour that a lead of tier B may wait, half an hour is left; then twelve minutes; then none.
      journey.later(8);
      await reads(journey, /of yours waits? for your call/);
      await journey.look('later-rep');
      await journey.go('leads-enterprise');
      journey.later(17);
      await reads(journey, /Nobody has taken th/);
      await journey.look('later-team');
      await journey.be('Sample Manager', 'First Call');
      await openMessages(journey);
      journey.later(12);
      await reads(journey, /nobody has taken yet/);
      await journey.look('later-manager');
    },
  ],
];

async function openMessages({ page }: Journey): Promise<void> {
  await page
    .getByRole('navigation', { name: 'First Call' })
    .getByRole('button', { name: 'Messages' })
    .click();
}

/** Waits for a message that says this, and goes to it as somebody who reads it does. */
async function reads({ page }: Journey, text: RegExp): Promise<void> {
  const message = page.getByTestId('message').filter({ hasText: text }).last();
  await message.waitFor();
  await message.scrollIntoViewIfNeeded();
}
