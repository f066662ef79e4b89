import type { Step } from './journey.ts';

export const MANAGER_STEPS: readonly Step[] = [
  [
    'a manager reads the report',
    async (journey) => {
      await journey.be('Sample Manager');
      const answer = await journey.command('/firstcall report');
      await answer.filter({ hasText: 'Override rate' }).waitFor();
      await journey.look('manager-report');
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
