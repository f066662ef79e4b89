import type { Journey, Step } from './journey.ts';

export const MANAGER_STEPS: readonly Step[] = [
  [
    'a manager reads the report',
    async (journey) => {
      await journey.be('Sample Manager');
      const answer = await journey.command('/firstcall report');
      await answer.filter({ hasText: 'Override rate' }).waitFor();
      await journey.look('manager-report');
      await journey.page.getByTestId('command-line').fill('/firstcall report share');
      await journey.page.keyboard.press('Enter');
      await journey.page.getByTestId('message').last().getByText('Override rate').waitFor();
      await journey.look('manager-report-shared');
    },
  ],
  [
    'a manager sees what is held, and releases one',
    async (journey) => {
      const answer = await journey.command('/firstcall held');
      const release = answer.getByRole('button', { name: /^Release/ }).first();
      await release.waitFor();
      await journey.look('manager-held');
      await release.click();
      const confirm = journey.page.locator('dialog.confirm');
      await confirm.or(journey.answer('goes on')).first().waitFor();
      if (await confirm.isVisible()) {
        await journey.look('manager-release');
        await confirm.getByRole('button').last().click();
      }
      await journey.answer(/goes on/).waitFor();
    },
  ],
  [
    'a manager pauses posting, and resumes it',
    async (journey) => {
      const paused = await journey.command('/firstcall pause');
      await paused.getByText('Nothing is posted').waitFor();
      await journey.look('manager-paused');
      const resumed = await journey.command('/firstcall resume');
      await resumed.getByText('Resumed.').waitFor();
    },
  ],
  [
    'a manager reads one rule, with its figures',
    async (journey) => {
      const answer = await journey.command('/firstcall rule fit.company-size.mid-market');
      await answer.getByText(/Override rate/).waitFor();
      await journey.look('manager-rule');
    },
  ],
  [
    'a manager gives a lead to a rep, and takes it back for the team',
    async (journey) => {
      await journey.go('First Call');
      const modal = journey.modal();
      await askWhoHasFirst(journey);
      await modal.getByRole('combobox').selectOption({ label: 'Sample Rep Two' });
      await journey.look('manager-assign');
      await modal.getByRole('button', { name: 'Assign', exact: true }).click();
      await modal.getByText(/is assigned/).waitFor();
      await journey.look('manager-assigned');
      await journey.closeModal();
      await askWhoHasFirst(journey);
      await modal.getByRole('combobox').selectOption({ label: 'Back to the team, open to anyone' });
      await modal.getByRole('button', { name: 'Assign', exact: true }).click();
      await modal.getByText(/is back with the team/).waitFor();
      await journey.look('manager-taken-back');
      await journey.closeModal();
    },
  ],
  [
    'a manager opens the App Home: the team today, held leads, the report',
    async (journey) => {
      await journey.go('First Call');
      const home = journey.page.getByTestId('app-home');
      await home.getByText('Your queue').first().waitFor();
      await journey.look('manager-home');
      await home
        .getByRole('button', { name: /^Got it/ })
        .first()
        .click();
      await home.getByText('Your queue').first().waitFor();
    },
  ],
];

/** Of the first lead in the list of the first team. */
async function askWhoHasFirst(journey: Journey): Promise<void> {
  const modal = journey.modal();
  const home = journey.page.getByTestId('app-home');
  await home.getByRole('button', { name: 'Assign or take back' }).first().click();
  const first = modal.getByRole('button', { name: /^Assign / }).first();
  await first.waitFor();
  await journey.look('manager-team-leads');
  await first.click();
}
