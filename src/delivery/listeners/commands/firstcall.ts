import type { AllMiddlewareArgs, App, SlackCommandMiddlewareArgs } from '@slack/bolt';
import { parseShortId } from '../../../lead/short-id.ts';
import { COMMAND } from '../../action-ids.ts';
import type { Message } from '../../blocks/message.ts';
import type { Member } from '../../ports.ts';
import { sentence } from '../../replies/sentence.ts';
import { COMMAND_HELP, SHARE } from '../../text/command-words.ts';
import { REPLY } from '../../text/reply-words.ts';
import { attempt } from '../attempt.ts';
import type { SlackDeps } from '../deps.ts';
import { openModal } from '../open-modal.ts';
import { requireRole } from '../require-role.ts';
import { type Teller, tellByResponse } from '../teller.ts';
import { ADMIN_SUBCOMMANDS } from './admin-subcommands.ts';
import { closeMatches } from './close-matches.ts';
import { readHelp, readHelpOn } from './help.ts';
import { LEAD_SUBCOMMANDS } from './lead-subcommands.ts';
import { PEOPLE_SUBCOMMANDS } from './people-subcommands.ts';
import { asksForHelp, readWords, takeShare } from './read-words.ts';
import { RULE_SUBCOMMANDS } from './rule-subcommands.ts';
import { SETUP_SUBCOMMAND } from './setup-subcommand.ts';
import { shareInChannel } from './share-in-channel.ts';
import type { Invocation, Subcommand } from './subcommand.ts';
import { tellLater } from './tell-later.ts';
import { TEST_LEAD_SUBCOMMAND } from './test-lead-subcommand.ts';

const HELP = {
  name: 'help',
  usage: 'help',
  does: 'this list; `/firstcall help report` tells more of one',
  takes: 'words',
  act: 'help',
  kind: 'answer',
  answer: ({ deps, args }: Invocation, member: Member) => {
    if (args === '') return readHelp(deps, SUBCOMMANDS, member.role);
    const { word } = readWords(args);
    const known = SUBCOMMANDS.find((each) => each.name === word);
    return known === undefined
      ? readHelp(deps, SUBCOMMANDS, member.role, args)
      : readHelpOn(deps, known);
  },
} satisfies Subcommand;

export const SUBCOMMANDS: readonly Subcommand[] = [
  ...LEAD_SUBCOMMANDS,
  ...PEOPLE_SUBCOMMANDS,
  ...RULE_SUBCOMMANDS,
  ...ADMIN_SUBCOMMANDS,
  TEST_LEAD_SUBCOMMAND,
  SETUP_SUBCOMMAND,
  HELP,
];

/** `/firstcall ...`: acknowledged at once, answered privately unless the person shares it. */
export function register(app: App, deps: SlackDeps): void {
  app.command(COMMAND, async ({ ack, ...args }) => {
    await ack();
    await runCommand(deps, args);
  });
}

type CommandArgs = Pick<
  SlackCommandMiddlewareArgs & AllMiddlewareArgs,
  'command' | 'client' | 'respond'
>;

async function runCommand(deps: SlackDeps, args: CommandArgs): Promise<void> {
  const { command, client, respond } = args;
  const { user_id: userId, channel_id: channel, trigger_id: triggerId } = command;
  const { subcommand, rest, share } = parseCommand(command.text);
  const traceId = deps.ids();
  const idempotencyKey = `command:${triggerId}:${userId}`;
  const teller = tellByResponse(deps, respond, { client, channel, user: userId });
  const { later, tellRest } = tellLater(deps, teller, traceId);
  const call: Invocation = {
    ...{ deps, client, userId, channel, traceId, idempotencyKey, args: rest, later },
  };
  if (subcommand.kind === 'answer') {
    const publish = (message: Message) =>
      shareInChannel(deps, { respond, teller, userId }, message);
    await answer(call, subcommand, { teller, publish: share ? publish : null });
    tellRest();
    return;
  }
  await openModal(deps, {
    ...{ client, userId, traceId, triggerId, teller, push: false },
    act: subcommand.act,
    build: (member) => subcommand.open(call, member),
  });
}

type Answering = Extract<Subcommand, { kind: 'answer' }>;
type Tell = (message: Message) => Promise<void>;

/** `publish` null: nobody asked to share. */
async function answer(
  call: Invocation,
  subcommand: Answering,
  { teller, publish }: { teller: Teller; publish: Tell | null },
): Promise<void> {
  const { deps, userId, traceId } = call;
  const changes = CHANGING.has(subcommand.name);
  await attempt(deps, {
    name: `command ${subcommand.name}`,
    traceId,
    async work() {
      const allowed = await requireRole(deps.members, userId, subcommand.act);
      if (!allowed.ok) return { message: sentence(allowed.message), shared: false };
      const shared = publish && (await subcommand.share?.(call, allowed.member));
      if (shared) return { message: shared, shared: true };
      return { message: await subcommand.answer(call, allowed.member), shared: false };
    },
    done: ({ message, shared }) =>
      shared && publish !== null ? publish(message) : teller.tell(message),
    late: (ref) => teller.tell(sentence(changes ? REPLY.notYet(ref) : REPLY.stillReading(ref))),
    failed: (ref) =>
      teller.tell(sentence(changes ? REPLY.notRecordedCommand(ref) : REPLY.notRead(ref))),
    unsure: (ref) => teller.tell(sentence(REPLY.unsure(ref))),
  });
}

/** Those that change something: their failure reads "not recorded". */
const CHANGING: ReadonlySet<string> = new Set([
  'pause',
  'resume',
  'grant',
  'release',
  'board',
  'test-lead',
]);

export interface ParsedCommand {
  subcommand: Subcommand;
  rest: string;
  share: boolean;
}

/** A short id alone means why; nothing at all means help; unknown words get help with close matches. */
export function parseCommand(text: string): ParsedCommand {
  const { word, typed, asks, rest } = readWords(text);
  const name = word === '' || word === '?' ? HELP.name : word;
  const known = SUBCOMMANDS.find((each) => each.name === name);
  if (known !== undefined) return parseArguments(known, asks && rest === '' ? '?' : rest);
  const why = SUBCOMMANDS.find((each) => each.name === 'why');
  if (why !== undefined && rest === '' && isShortId(word)) {
    return { subcommand: why, rest: typed, share: false };
  }
  return { subcommand: unknownWord(typed), rest, share: false };
}

/** Without its dash only where it can be no command that was mistyped. */
function isShortId(word: string): boolean {
  if (parseShortId(word) === null) return false;
  const names = SUBCOMMANDS.map(({ name }) => name);
  return word.startsWith('l-') || (/\d/.test(word) && closeMatches(word, names).length === 0);
}

function parseArguments(subcommand: Subcommand, rest: string): ParsedCommand {
  if (asksForHelp(rest)) {
    const help = subcommand.name === HELP.name ? HELP : helpOn(subcommand);
    return { subcommand: help, rest: '', share: false };
  }
  if (subcommand.takes === 'text') return { subcommand, rest, share: false };
  const shares = subcommand.kind === 'answer' && subcommand.share !== undefined;
  const { rest: args, share } = takeShare(rest, shares);
  if (!share) return { subcommand: subcommandFor(subcommand, rest), rest, share };
  return shares
    ? { subcommand, rest: args, share }
    : { subcommand: notShared(subcommand), rest: args, share: false };
}

/**
 * Nothing is done where words would go unheard: "pause 10 minutes" would pause for good. "rules fit.email" means
 * the command for one of them.
 */
function subcommandFor(subcommand: Subcommand, rest: string): Subcommand {
  if (subcommand.takes !== undefined || !/[\p{L}\p{N}]/u.test(rest)) return subcommand;
  const ofOne = SUBCOMMANDS.find(({ name, takes }) => takes && `${name}s` === subcommand.name);
  if (ofOne !== undefined) return ofOne;
  const notice = COMMAND_HELP.takesNothing(subcommand.name);
  const { act } = subcommand;
  return { ...HELP, act, answer: ({ deps }) => readHelpOn(deps, subcommand, notice) };
}

function helpOn(subcommand: Subcommand): Subcommand {
  return { ...HELP, answer: ({ deps }) => readHelpOn(deps, subcommand) };
}

/** Nothing is done: what somebody wants to show to all is not to be changed on the way. */
function notShared({ name, act }: Subcommand): Subcommand {
  const can = SUBCOMMANDS.filter((each) => each.kind === 'answer' && each.share !== undefined);
  const refusal = SHARE.cannot(
    name,
    can.map((each) => each.name),
  );
  return { ...HELP, act, answer: async () => sentence(refusal) };
}

function unknownWord(word: string): Subcommand {
  return { ...HELP, answer: ({ deps }, member) => readHelp(deps, SUBCOMMANDS, member.role, word) };
}
