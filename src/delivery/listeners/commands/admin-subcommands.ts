import { richLists, section, span } from '../../blocks/kit.ts';
import type { Message } from '../../blocks/message.ts';
import { GRANTABLE_ROLES } from '../../ports.ts';
import { describeGrant } from '../../replies/granted.ts';
import { sentence } from '../../replies/sentence.ts';
import { escapeMrkdwn } from '../../text/escape.ts';
import { HEALTH, ROLES, SWITCH } from '../../text/reply-words.ts';
import { readHealthLines } from '../read-health-lines.ts';
import { closeMatches } from './close-matches.ts';
import type { Invocation, Subcommand } from './subcommand.ts';

export const ADMIN_SUBCOMMANDS: readonly Subcommand[] = [
  {
    name: 'pause',
    usage: 'pause',
    does: 'stops posting; leads keep coming in',
    act: 'pause',
    kind: 'answer',
    async answer({ deps, userId }) {
      await deps.switches.setPaused(true, userId);
      return sentence(SWITCH.paused);
    },
  },
  {
    name: 'resume',
    usage: 'resume',
    does: 'posts again',
    act: 'resume',
    kind: 'answer',
    async answer({ deps, userId }) {
      await deps.switches.setPaused(false, userId);
      return sentence(SWITCH.resumed);
    },
  },
  {
    name: 'grant',
    usage: 'grant @person manager',
    does: 'makes somebody a rep, manager or admin',
    takes: 'words',
    act: 'grant',
    kind: 'answer',
    answer: grant,
  },
  {
    name: 'health',
    usage: 'health',
    does: 'whether all is well',
    act: 'health',
    kind: 'answer',
    answer: showHealth,
  },
];

const GRANT = /^<@([UW][A-Z0-9]{1,20})(?:\|[^>]*)?>\s+(\S+?)[.!]?$/;

/** Only a person that Slack has resolved to an id: two people may share a name. */
async function grant({ deps, args, userId }: Invocation): Promise<Message> {
  const [, target, word] = GRANT.exec(args) ?? [];
  if (target === undefined || word === undefined) return sentence(ROLES.usage);
  const role = GRANTABLE_ROLES.find((each) => each === word.toLowerCase());
  if (role === undefined) {
    const near = closeMatches(word, GRANTABLE_ROLES);
    return sentence(ROLES.unknownRole(escapeMrkdwn(word, 60), near));
  }
  const result = await deps.members.grant(target, role, userId);
  return sentence(describeGrant(result, target, role));
}

async function showHealth({ deps }: Invocation): Promise<Message> {
  const said = (await readHealthLines(deps)).map(({ text }) => text);
  return {
    text: [HEALTH.title, ...said].join('\n'),
    blocks: [section(`*${HEALTH.title}*`), ...richLists(said.map((line) => [span(line)]))],
  };
}
