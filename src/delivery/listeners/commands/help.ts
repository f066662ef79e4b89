import { COMMAND } from '../../action-ids.ts';
import { context, mrkdwn, section } from '../../blocks/kit.ts';
import type { Message } from '../../blocks/message.ts';
import type { Role } from '../../ports.ts';
import { escapeMrkdwn, fitLine } from '../../text/escape.ts';
import { HELP } from '../../text/reply-words.ts';
import type { SlackDeps } from '../deps.ts';
import { mayDo } from '../require-role.ts';
import { closeMatches } from './close-matches.ts';
import type { Subcommand } from './subcommand.ts';

/** What this person may do. With an unknown word: what they may have meant, first. */
export async function readHelp(
  deps: SlackDeps,
  commands: readonly Subcommand[],
  role: Role,
  unknown: string | null = null,
): Promise<Message> {
  const mine = commands.filter((each) => mayDo(role, each.act));
  const lines = await Promise.all(mine.map((each) => lineOf(deps, each)));
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

async function lineOf(deps: SlackDeps, { usage, does, example }: Subcommand): Promise<string> {
  const word = (await example?.(deps)) ?? null;
  const typed = word === null ? usage : `${usage} ${fitLine(word, 120).replaceAll('`', '')}`;
  return `\`${COMMAND} ${typed}\`  ${does}`;
}
