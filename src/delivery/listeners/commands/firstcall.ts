import type { AllMiddlewareArgs, App, SlackCommandMiddlewareArgs } from '@slack/bolt';
import { parseShortId } from '../../../lead/short-id.ts';
import { COMMAND } from '../../action-ids.ts';
import type { Member } from '../../ports.ts';
import { sentence } from '../../replies/sentence.ts';
import { REPLY } from '../../text/reply-words.ts';
import { attempt } from '../attempt.ts';
import type { SlackDeps } from '../deps.ts';
import { openModal } from '../open-modal.ts';
import { requireRole } from '../require-role.ts';
import { type Teller, tellByResponse } from '../teller.ts';
import { ADMIN_SUBCOMMANDS } from './admin-subcommands.ts';
import { readHelp } from './help.ts';
import { LEAD_SUBCOMMANDS } from './lead-subcommands.ts';
import { RULE_SUBCOMMANDS } from './rule-subcommands.ts';
import type { Invocation, Subcommand } from './subcommand.ts';

const HELP = {
  name: 'help',
  usage: 'help',
  does: 'this list',
  act: 'help',
  kind: 'answer',
  answer: ({ deps }: Invocation, member: Member) => readHelp(deps, SUBCOMMANDS, member.role),
} satisfies Subcommand;

export const SUBCOMMANDS: readonly Subcommand[] = [
  ...LEAD_SUBCOMMANDS,
  ...RULE_SUBCOMMANDS,
  ...ADMIN_SUBCOMMANDS,
  HELP,
];

/** `/firstcall ...`: acknowledged at once, answered privately. */
export function register(app: App, deps: SlackDeps): void {
  app.command(COMMAND, async ({ ack, ...args }) => {
    await ack();
    await runCommand(deps, args);
  });
}

async function runCommand(
  deps: SlackDeps,
  args: Pick<SlackCommandMiddlewareArgs & AllMiddlewareArgs, 'command' | 'client' | 'respond'>,
): Promise<void> {
  const { command, client, respond } = args;
  const { user_id: userId, channel_id: channel, trigger_id: triggerId } = command;
  const { subcommand, rest } = parseCommand(command.text);
  const traceId = deps.ids();
  const idempotencyKey = `command:${triggerId}:${userId}`;
  const call: Invocation = { deps, client, userId, channel, traceId, idempotencyKey, args: rest };
  const teller = tellByResponse(deps, respond, { client, channel, user: userId });
  if (subcommand.kind === 'answer') return answer(call, subcommand, teller);
  await openModal(deps, {
    ...{ client, userId, traceId, triggerId, teller, push: false },
    act: subcommand.act,
    build: (member) => subcommand.open(call, member),
  });
}

async function answer(
  call: Invocation,
  subcommand: Extract<Subcommand, { kind: 'answer' }>,
  teller: Teller,
): Promise<void> {
  const { deps, userId, traceId } = call;
  const changes = CHANGING.has(subcommand.name);
  await attempt(deps, {
    name: `command ${subcommand.name}`,
    traceId,
    async work() {
      const allowed = await requireRole(deps.members, userId, subcommand.act);
      return allowed.ok ? subcommand.answer(call, allowed.member) : sentence(allowed.message);
    },
    done: (message) => teller.tell(message),
    late: (ref) => teller.tell(sentence(changes ? REPLY.notYet(ref) : REPLY.stillReading(ref))),
    failed: (ref) =>
      teller.tell(sentence(changes ? REPLY.notRecordedCommand(ref) : REPLY.notRead(ref))),
  });
}

/** Those that change something: their failure reads "not recorded". */
const CHANGING: ReadonlySet<string> = new Set(['pause', 'resume', 'grant', 'release', 'board']);

/** A short id alone means why; nothing at all means help; unknown words get help with close matches. */
export function parseCommand(text: string): { subcommand: Subcommand; rest: string } {
  const words = text.trim().slice(0, 500);
  const [first = ''] = words.split(/\s+/, 1);
  const rest = words.slice(first.length).trim();
  const name = first.toLowerCase();
  const known = SUBCOMMANDS.find((each) => each.name === (name === '' ? 'help' : name));
  if (known !== undefined) return { subcommand: known, rest };
  const why = SUBCOMMANDS.find((each) => each.name === 'why');
  if (why !== undefined && rest === '' && /^l-/i.test(first) && parseShortId(first) !== null) {
    return { subcommand: why, rest: first };
  }
  return { subcommand: unknownWord(first), rest };
}

function unknownWord(word: string): Subcommand {
  return { ...HELP, answer: ({ deps }, member) => readHelp(deps, SUBCOMMANDS, member.role, word) };
}
