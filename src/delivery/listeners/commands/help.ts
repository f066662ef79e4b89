import { COMMAND } from '../../action-ids.ts';
import { context, mrkdwn, section } from '../../blocks/kit.ts';
import type { Message } from '../../blocks/message.ts';
import type { Role } from '../../ports.ts';
import { COMMAND_HELP } from '../../text/command-words.ts';
import { escapeMrkdwn, fitLine } from '../../text/escape.ts';
import { HELP } from '../../text/reply-words.ts';
import type { SlackDeps } from '../deps.ts';
import { ACTS, mayDo } from '../require-role.ts';
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

/** One command: how it is typed, what it gives, who may; `notice`: why that is said now. */
export async function readHelpOn(
  deps: SlackDeps,
  subcommand: Subcommand,
  notice: string | null = null,
): Promise<Message> {
  const { name, act, more = [] } = subcommand;
  const line = await lineOf(deps, subcommand);
  const shares = subcommand.kind === 'answer' && subcommand.share !== undefined;
  const sentences = [
    ...more,
    ...(shares ? [COMMAND_HELP.share(name)] : []),
    COMMAND_HELP.forWhom[ACTS[act].role],
  ];
  const text = [...(notice === null ? [] : [notice]), line, ...sentences].join('\n');
  return { text, blocks: [section(text), context(mrkdwn(COMMAND_HELP.all))] };
}

async function lineOf(deps: SlackDeps, { usage, does, example }: Subcommand): Promise<string> {
  const word = (await example?.(deps)) ?? null;
  const typed = word === null ? usage : `${usage} ${fitLine(word, 120).replaceAll('`', '')}`;
  return COMMAND_HELP.usage(`${COMMAND} ${typed}`, does);
}
