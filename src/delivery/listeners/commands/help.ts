import { COMMAND } from '../../action-ids.ts';
import { context, mrkdwn, section } from '../../blocks/kit.ts';
import type { Message } from '../../blocks/message.ts';
import type { Role } from '../../ports.ts';
import { escapeMrkdwn } from '../../text/escape.ts';
import { HELP } from '../../text/reply-words.ts';
import { mayDo } from '../require-role.ts';
import { closeMatches } from './close-matches.ts';
import type { Subcommand } from './subcommand.ts';

/** What this person may do. With an unknown word: what they may have meant, first. */
export function buildHelp(
  commands: readonly Subcommand[],
  role: Role,
  unknown: string | null = null,
): Message {
  const mine = commands.filter((each) => mayDo(role, each.act));
  const lines = mine.map(({ usage, does }) => `\`${COMMAND} ${usage}\`  ${does}`);
  const near =
    unknown === null
      ? []
      : closeMatches(
          unknown,
          mine.map(({ name }) => name),
        );
  const opening = [
    ...(unknown === null ? [] : [HELP.unknown(escapeMrkdwn(unknown, 60))]),
    ...(near.length === 0 ? [] : [HELP.didYouMean(near)]),
  ];
  return {
    text: [...opening, HELP.title, ...lines].join('\n'),
    blocks: [
      ...(opening.length === 0 ? [] : [section(opening.join(' '))]),
      section(`*${HELP.title}*\n${lines.join('\n')}`),
      context(mrkdwn(HELP.private)),
    ],
  };
}
