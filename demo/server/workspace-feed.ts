import type { AnyBlock } from '@slack/types';
import type {
  EphemeralMessage,
  OpenModal,
  SlackMessage,
  SlackView,
} from '../slack/client-state.ts';
import type { Person } from '../slack/person.ts';
import type { SlackWorkspace } from '../slack/workspace.ts';
import { answerOf, answersOf } from './answers.ts';
import type { CrmFeed, DemoFeed } from './demo-feed.ts';
import type {
  PageChannel,
  PageClick,
  PageMessage,
  PagePerson,
  PageReply,
  PageView,
} from './page-state.ts';
import { tryAsPerson } from './try-as-person.ts';

const WORKSPACE_NAME = 'Sample Workspace (demo)';
const APP_NAME = 'First Call';

export interface Cast {
  person: Person;
  role: string;
  /** The channel of this person's messages with the app. */
  appChannel: string;
}

/** The workspace and CRM doubles as the page shows them; each act is a signed request to the app. */
export function createWorkspaceFeed(
  workspace: SlackWorkspace,
  cast: readonly [Cast, ...Cast[]],
  crm: CrmFeed,
): DemoFeed {
  const people = cast.map(toPagePerson);
  const castOf = (id: string | null) => cast.find(({ person }) => person.user.id === id) ?? cast[0];
  const act = (id: string, deed: (person: Person) => Promise<unknown>): Promise<PageReply> => {
    const found = cast.find(({ person }) => person.user.id === id);
    return tryAsPerson(found?.person, deed);
  };
  return {
    state(as) {
      const me = castOf(as);
      const modals = me.person.modals();
      const top = modals.at(-1);
      return {
        workspaceName: WORKSPACE_NAME,
        me: toPagePerson(me),
        people,
        shortcuts: workspace.manifest.messageShortcuts.map((callbackId) => ({
          callbackId,
          name: shortcutName(callbackId),
        })),
        channels: channelsOf(workspace, me),
        home: toPageView(me.person.home()),
        modal: top === undefined ? null : toModal(top),
        modalDepth: modals.length,
        crm: { leads: crm.leads() },
      };
    },
    onChange(listener) {
      const stops = [workspace.state.onChange(listener), crm.onChange(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    click: (click) => act(click.as, (person) => doClick(person, click)),
    command: (as, channel, text) =>
      act(as, (person) => {
        const [, command = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
        return person.runCommand(command, rest, channel);
      }),
    shortcut: (as, channel, ts, callbackId) =>
      act(as, (person) => person.useMessageShortcut({ channel, ts, callbackId })),
    submit: (as, viewId, values) =>
      act(as, (person) => person.submitView(viewId, answersOf(values))),
    close: (as, viewId) => act(as, (person) => person.closeView(viewId)),
    openHome: (as) => act(as, (person) => person.openHome()),
  };
}

async function doClick(person: Person, click: PageClick): Promise<unknown> {
  const { surface, blockId, actionId, value, values } = click;
  const target =
    surface.kind === 'view'
      ? { viewId: surface.viewId }
      : { channel: surface.channel, ts: surface.ts };
  if (surface.kind === 'view') person.fill(surface.viewId, answersOf(values));
  const where = { ...target, actionId, blockId };
  if (value.type === 'button') {
    const named = typeof value.value === 'string' ? { value: value.value } : {};
    return person.clickButton({ ...where, ...named });
  }
  const answer = answerOf(value);
  if (value.type === 'overflow' && typeof answer === 'string') {
    return person.selectOverflow({ ...where, value: answer });
  }
  return person.choose({ ...where, answer });
}

function toPagePerson({ person, role }: Cast): PagePerson {
  return { id: person.user.id, name: person.user.realName, role };
}

function channelsOf(workspace: SlackWorkspace, { person, appChannel }: Cast): PageChannel[] {
  const team = workspace.channels
    .filter(({ name }) => name.startsWith('leads-'))
    .map(({ id, name }) => ({ id, name, kind: 'channel' as const }));
  const app = { id: appChannel, name: APP_NAME, kind: 'app' as const };
  return [...team, app].map((channel) => ({
    ...channel,
    messages: [
      ...workspace.state.messages(channel.id).map((message) => toPageMessage(message, false)),
      ...person.ephemerals(channel.id).map((message) => toPageMessage(message, true)),
    ].sort((one, other) => Number(one.ts) - Number(other.ts)),
  }));
}

function toPageMessage(message: SlackMessage | EphemeralMessage, ephemeral: boolean): PageMessage {
  return {
    ts: message.ts,
    authorName: APP_NAME,
    fromApp: true,
    text: message.text,
    blocks: toBlocks(message.blocks),
    threadTs: threadOf(message),
    ephemeral,
    edited: message.edited !== undefined,
  };
}

/** Slack gives the first message of a thread its own `ts` there. */
function threadOf({ ts, thread_ts: threadTs }: SlackMessage): string | null {
  return typeof threadTs === 'string' && threadTs !== ts ? threadTs : null;
}

function toModal({ view, errors }: OpenModal): PageView {
  return { ...plainView(view), errors };
}

function toPageView(view: SlackView | undefined): PageView | null {
  return view === undefined ? null : plainView(view);
}

function plainView(view: SlackView): PageView {
  return {
    id: view.id,
    hash: view.hash,
    title: textOf(view.title) ?? APP_NAME,
    submit: textOf(view.submit),
    close: textOf(view.close),
    blocks: toBlocks(view.blocks),
    errors: {},
  };
}

function toBlocks(blocks: SlackMessage['blocks']): AnyBlock[] {
  // The workspace double has checked them against every Block Kit limit.
  return (blocks ?? []) as unknown as AnyBlock[];
}

function textOf(value: unknown): string | null {
  const text = (value as { text?: unknown } | null | undefined)?.text;
  return typeof text === 'string' ? text : null;
}

/** "lead_why_shortcut" has the name "Why this lead?" in manifest.yml. */
function shortcutName(callbackId: string): string {
  return callbackId === 'lead_why_shortcut' ? 'Why this lead?' : callbackId;
}
