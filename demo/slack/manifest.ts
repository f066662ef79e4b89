import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const MANIFEST_PATH = new URL('../../manifest.yml', import.meta.url);

const ManifestFile = z.object({
  _metadata: z.object({ major_version: z.literal(2) }),
  features: z.object({
    bot_user: z.object({ display_name: z.string().max(80) }),
    shortcuts: z
      .array(
        z.object({
          name: z.string().max(24),
          type: z.enum(['message', 'global']),
          callback_id: z.string().max(255),
        }),
      )
      .max(10)
      .default([]),
    slash_commands: z
      .array(z.object({ command: z.string().startsWith('/').max(32) }))
      .max(50)
      .default([]),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()).min(1).max(255) }) }),
  settings: z.object({
    event_subscriptions: z.object({ bot_events: z.array(z.string()) }),
  }),
});

/** What the local workspace takes from manifest.yml, so that it allows exactly what real Slack would. */
export interface SlackManifest {
  botName: string;
  botScopes: readonly string[];
  commands: readonly string[];
  messageShortcuts: readonly string[];
  botEvents: readonly string[];
}

/** Throws a ZodError or a YAML error when the file is not a manifest. */
export function readManifest(path: string | URL = MANIFEST_PATH): SlackManifest {
  const file = ManifestFile.parse(parse(readFileSync(path, 'utf8')));
  return {
    botName: file.features.bot_user.display_name,
    botScopes: file.oauth_config.scopes.bot,
    commands: file.features.slash_commands.map((each) => each.command),
    messageShortcuts: file.features.shortcuts
      .filter((each) => each.type === 'message')
      .map((each) => each.callback_id),
    botEvents: file.settings.event_subscriptions.bot_events,
  };
}
