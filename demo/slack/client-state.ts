import { EventEmitter } from 'node:events';
import type { JsonRecord } from '../doubles/json.ts';

/** A message as Slack returns it; unknown fields are kept. */
export interface SlackMessage extends JsonRecord {
  ts: string;
  text: string;
  user?: string;
  blocks?: JsonRecord[];
  metadata?: JsonRecord;
}

export interface EphemeralMessage extends SlackMessage {
  channel: string;
}

/** A view as Slack returns it. */
export interface SlackView extends JsonRecord {
  id: string;
  hash: string;
  type: 'modal' | 'home';
  callback_id: string;
  private_metadata: string;
  external_id: string;
  blocks: JsonRecord[];
  root_view_id: string;
  previous_view_id: string | null;
  notify_on_close: boolean;
  clear_on_close: boolean;
}

/** An open modal; `errors` are the ones shown under its inputs since the last submit. */
export interface OpenModal {
  view: SlackView;
  errors: Readonly<Record<string, string>>;
}

/** Trouble that Slack shows to the person ("did not respond in time"). */
export interface Problem {
  user: string;
  at: Date;
  text: string;
}

export type WorkspaceChange =
  | { kind: 'message'; action: 'posted' | 'updated'; channel: string; message: SlackMessage }
  | { kind: 'message'; action: 'deleted'; channel: string; message: SlackMessage }
  | {
      kind: 'ephemeral';
      action: 'shown' | 'replaced' | 'deleted';
      user: string;
      message: EphemeralMessage;
    }
  | { kind: 'modals'; user: string; stack: readonly OpenModal[] }
  | { kind: 'home'; user: string; view: SlackView }
  | { kind: 'problem'; user: string; problem: Problem };

export type ChangeListener = (change: WorkspaceChange) => void;

/** What each person sees in their Slack client now. Changes are announced after they are in place. */
export interface ClientState {
  messages(channel: string): SlackMessage[];
  message(channel: string, ts: string): SlackMessage | undefined;
  ephemerals(user: string): readonly EphemeralMessage[];
  modals(user: string): readonly OpenModal[];
  home(user: string): SlackView | undefined;
  problems(user: string): readonly Problem[];
  /** Returns the function that stops listening. */
  onChange(listener: ChangeListener): () => void;
}

export interface ClientStateWriter extends ClientState {
  putMessage(channel: string, message: SlackMessage): void;
  deleteMessage(channel: string, ts: string): void;
  putEphemeral(user: string, message: EphemeralMessage): void;
  deleteEphemeral(user: string, ts: string): void;
  setModals(user: string, stack: readonly OpenModal[]): void;
  setHome(user: string, view: SlackView): void;
  addProblem(problem: Problem): void;
  /** The owner of an open modal or published home. */
  findView(match: (view: SlackView) => boolean): { user: string; view: SlackView } | undefined;
}

export function createClientState(): ClientStateWriter {
  const feed = new EventEmitter<{ change: [WorkspaceChange] }>();
  feed.setMaxListeners(0);
  const channels = new Map<string, Map<string, SlackMessage>>();
  const ephemerals = new Map<string, EphemeralMessage[]>();
  const stacks = new Map<string, readonly OpenModal[]>();
  const homes = new Map<string, SlackView>();
  const problems: Problem[] = [];
  const announce = (change: WorkspaceChange): boolean => feed.emit('change', change);

  return {
    messages: (channel) =>
      [...(channels.get(channel)?.values() ?? [])].sort((a, b) => (a.ts < b.ts ? -1 : 1)),
    message: (channel, ts) => channels.get(channel)?.get(ts),
    ephemerals: (user) => ephemerals.get(user) ?? [],
    modals: (user) => stacks.get(user) ?? [],
    home: (user) => homes.get(user),
    problems: (user) => problems.filter((each) => each.user === user),
    onChange(listener) {
      feed.on('change', listener);
      return () => feed.off('change', listener);
    },
    putMessage(channel, message) {
      const known = channels.get(channel) ?? new Map<string, SlackMessage>();
      channels.set(channel, known);
      const action = known.has(message.ts) ? 'updated' : 'posted';
      known.set(message.ts, message);
      announce({ kind: 'message', action, channel, message });
    },
    deleteMessage(channel, ts) {
      const message = channels.get(channel)?.get(ts);
      if (message === undefined) return;
      channels.get(channel)?.delete(ts);
      announce({ kind: 'message', action: 'deleted', channel, message });
    },
    putEphemeral(user, message) {
      const shown = ephemerals.get(user) ?? [];
      const index = shown.findIndex((each) => each.ts === message.ts);
      if (index < 0) shown.push(message);
      else shown[index] = message;
      ephemerals.set(user, shown);
      announce({ kind: 'ephemeral', action: index < 0 ? 'shown' : 'replaced', user, message });
    },
    deleteEphemeral(user, ts) {
      const shown = ephemerals.get(user) ?? [];
      const message = shown.find((each) => each.ts === ts);
      if (message === undefined) return;
      ephemerals.set(
        user,
        shown.filter((each) => each !== message),
      );
      announce({ kind: 'ephemeral', action: 'deleted', user, message });
    },
    setModals(user, stack) {
      stacks.set(user, stack);
      announce({ kind: 'modals', user, stack });
    },
    setHome(user, view) {
      homes.set(user, view);
      announce({ kind: 'home', user, view });
    },
    addProblem(problem) {
      problems.push(problem);
      announce({ kind: 'problem', user: problem.user, problem });
    },
    findView(match) {
      for (const [user, stack] of stacks) {
        const found = stack.find((each) => match(each.view));
        if (found !== undefined) return { user, view: found.view };
      }
      for (const [user, view] of homes) if (match(view)) return { user, view };
      return undefined;
    },
  };
}
