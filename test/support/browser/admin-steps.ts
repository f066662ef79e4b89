import type { Journey, Step } from './journey.ts';

const RULE = 'fit.company-size.mid-market';

export const ADMIN_STEPS: readonly Step[] = [
  [
    'an admin reads the rules',
    async (journey) => {
      await journey.be('Sample Admin');
      await journey.command('/firstcall rules');
      await journey
        .modal()
        .getByText(/Ruleset \d+/)
        .first()
        .waitFor();
      await journey.look('admin-rules');
    },
  ],
  [
    'an admin changes a rule, sees which leads would move, and publishes',
    async (journey) => {
      const modal = journey.modal();
      await modal.getByRole('button', { name: `Change ${RULE}` }).click();
      await modal.getByLabel(/Points/).fill('-40');
      await modal.getByLabel(/Why this change/).fill('Mid-market is not our market this quarter');
      await journey.look('admin-change-rule');
      await modal.getByRole('button', { name: 'Preview' }).click();
      await modal.getByRole('button', { name: 'Publish' }).waitFor();
      await journey.look('admin-preview');
      await modal.getByRole('button', { name: 'Publish' }).click();
      await modal.getByText('is live').first().waitFor();
      await journey.look('admin-published');
      await journey.closeModal();
    },
  ],
  [
    'an admin rolls back',
    async (journey) => {
      await journey.command('/firstcall rules');
      const modal = journey.modal();
      await modal.getByRole('button', { name: 'Roll back' }).first().click();
      await modal.getByLabel(/Why go back/).fill('Mid-market is our market after all');
      const choice = modal.getByRole('combobox');
      if ((await choice.count()) > 0) await choice.first().selectOption({ index: 1 });
      await journey.look('admin-rollback');
      await modal.getByRole('button', { name: 'Preview' }).click();
      await modal.getByText('Back to the rules of ruleset').waitFor();
      await journey.look('admin-rollback-preview');
      await modal.getByRole('button', { name: 'Roll back' }).last().click();
      await modal.getByText('live as ruleset').waitFor();
      await journey.closeModal();
    },
  ],
  [
    'an admin looks at health, and at the way a command is refused',
    async (journey) => {
      const health = await journey.command('/firstcall health');
      await health.getByText('Posting to Slack').waitFor();
      await journey.look('admin-health');
      const usage = await journey.command('/firstcall grant somebody');
      await usage.getByText('/firstcall grant @person rep').waitFor();
    },
  ],
  [
    'an admin looks at the teams, and what a change would do',
    async (journey) => {
      await journey.command('/firstcall setup');
      await journey.modal().getByText('Set up teams').first().waitFor();
      await journey.modal().getByRole('button').nth(1).waitFor();
      await journey.look('admin-setup');
      await journey.closeModal();
    },
  ],
  [
    'an admin sends a test lead through everything',
    async (journey) => {
      const answer = await journey.command('/firstcall test-lead');
      await answer.waitFor();
      await journey.look('admin-test-lead');
    },
  ],
  [
    'an admin opens the App Home, and makes a colleague a manager',
    async (journey) => {
      await journey.go('First Call');
      const home = journey.page.getByTestId('app-home');
      await home.getByText('Rules').first().waitFor();
      await journey.look('admin-home');
      await grant(journey);
    },
  ],
];

async function grant({ page }: Journey): Promise<void> {
  const home = page.getByTestId('app-home');
  await home.getByRole('combobox').nth(-2).selectOption({ label: 'Sample Rep Two' });
  await home.getByRole('combobox').last().selectOption('manager');
  await home.getByRole('button', { name: 'Grant' }).click();
  await home.getByText('is a manager now').first().waitFor();
}
