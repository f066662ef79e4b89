import type { ModalView } from '@slack/types';
import { buildPrefs } from '../modals/prefs.ts';
import type { Member } from '../ports.ts';
import type { SlackDeps } from './deps.ts';

/** A person's own preferences, as they are now. */
export async function readPrefs(
  { preferences, queries }: SlackDeps,
  { slackUserId, timeZone }: Member,
): Promise<ModalView> {
  const [present, uncalled] = await Promise.all([
    preferences.read(slackUserId),
    queries.uncalled(slackUserId),
  ]);
  return buildPrefs({ preferences: present, timeZone, uncalled: uncalled.length });
}
