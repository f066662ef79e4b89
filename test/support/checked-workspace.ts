import {
  createSlackWorkspace,
  type SlackWorkspace,
  type SlackWorkspaceOptions,
} from '../../demo/slack/workspace.ts';

/**
 * The Slack workspace double for tests of the product: its end fails the test if Slack would have
 * refused any message, view or answer. What a test breaks on purpose it takes from the journal.
 */
export async function createCheckedWorkspace(
  options?: SlackWorkspaceOptions,
): Promise<SlackWorkspace> {
  const workspace = await createSlackWorkspace(options);
  return {
    ...workspace,
    async close() {
      await workspace.close();
      const refused = workspace.journal.violations.map(
        ({ method, errors }) =>
          `${method}: ${errors.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')}`,
      );
      if (refused.length > 0) throw new Error(`Slack would refuse:\n${refused.join('\n')}`);
    },
  };
}
