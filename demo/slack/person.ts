import { type Clock, systemClock } from '../../src/platform/clock.ts';
import { isRecord, type JsonRecord } from '../doubles/json.ts';
import { type AppAnswer, type AppSender, createAppSender } from './app-request.ts';
import type { BlockError } from './block-checks.ts';
import type {
  EphemeralMessage,
  OpenModal,
  Problem,
  SlackMessage,
  SlackView,
} from './client-state.ts';
import { createDrafts, type Drafts } from './drafts.ts';
import { type Answer, answeredState, isStateful } from './element-state.ts';
import {
  type Answers,
  listElements,
  missingInputs,
  type PlacedElement,
  placeKey,
  stateValues,
} from './form-state.ts';
import {
  actionTs,
  commandForm,
  eventPayload,
  messageActionsPayload,
  shortcutPayload,
  viewActionsPayload,
  viewClosedPayload,
  viewSubmissionPayload,
} from './payloads.ts';
import type { SlackWorkspace, WorkspaceUser } from './workspace.ts';

/** Where the element stands: on a message (ephemeral ones too) or in an open modal or the home tab. */
export type Target = { channel: string; ts: string } | { viewId: string };

/** `blockId` and `value` tell apart elements that share an action id. */
export type ButtonClick = Target & { actionId: string; blockId?: string; value?: string };
export type Choice = Target & { actionId: string; blockId?: string; answer: Answer };

export interface Interaction extends AppAnswer {
  /** What was sent. */
  payload: JsonRecord;
  /** What Slack would refuse in the app's answer. */
  errors: readonly BlockError[];
}

/** One person at a Slack client. Each act throws when the person could not do it: nothing there to click, an empty required input. */
export interface Person {
  user: WorkspaceUser;
  clickButton(click: ButtonClick): Promise<Interaction>;
  /** Picks the overflow entry with this value (or visible text). */
  selectOverflow(click: ButtonClick & { value: string }): Promise<Interaction>;
  /** Picks in a select, radio group, checkboxes or picker that acts at once. */
  choose(choice: Choice): Promise<Interaction>;
  /** `channel` is a name or an id; #leads-growth by default. */
  runCommand(command: string, text: string, channel?: string): Promise<Interaction>;
  useMessageShortcut(use: {
    channel: string;
    ts: string;
    callbackId?: string;
  }): Promise<Interaction>;
  /** Puts answers into an open modal without sending it. */
  fill(viewId: string, answers: Answers): void;
  /** Sends a modal and applies the app's answer to this person's stack. */
  submitView(viewId: string, answers?: Answers): Promise<Interaction>;
  /** Closes the top modal; undefined when the app did not ask to be told. */
  closeView(viewId?: string): Promise<Interaction | undefined>;
  openHome(): Promise<Interaction>;
  /** Any event the manifest subscribes to; the same `eventId` again is a redelivery. */
  sendEvent(
    event: JsonRecord,
    options?: { eventId?: string; retryNum?: number },
  ): Promise<Interaction>;
  messages(channel: string): SlackMessage[];
  directMessages(): Promise<SlackMessage[]>;
  ephemerals(channel?: string): readonly EphemeralMessage[];
  modals(): readonly OpenModal[];
  topView(): SlackView | undefined;
  home(): SlackView | undefined;
  /** Errors that Slack showed because the app did not answer. */
  problems(): readonly Problem[];
}

export interface PersonOptions {
  /** How long Slack waits for the app; 3,000 by default. */
  deadlineMs?: number;
}

/** Throws when the workspace has no such user. */
export function createPerson(
  workspace: SlackWorkspace,
  userId: string,
  appUrl: string,
  signingSecret: string,
  clock: Clock = systemClock,
  options: PersonOptions = {},
): Person {
  const user = workspace.allUsers.find((each) => each.id === userId);
  if (user === undefined) throw new Error(`no user ${userId}`);
  const sender = createAppSender(appUrl, signingSecret, clock, options.deadlineMs);
  const drafts = createDrafts();
  const self: Self = { workspace, user, sender, drafts };
  const { state } = workspace;
  return {
    user,
    clickButton: (click) => act(self, click, pickButton(self, click)),
    selectOverflow: (click) => {
      const { value, ...where } = click;
      return choose(self, where, value);
    },
    choose: (choice) => choose(self, choice, choice.answer),
    runCommand: (command, text, channel = 'leads-growth') =>
      runCommand(self, command, text, channel),
    useMessageShortcut: (use) => useShortcut(self, use),
    fill(viewId, answers) {
      const { blocks } = viewById(self, viewId);
      const merged = drafts.merged(viewId, blocks, answers);
      stateValues(blocks, merged);
      drafts.put(viewId, merged);
    },
    submitView: (viewId, answers = {}) => submitView(self, viewId, answers),
    closeView: (viewId) => closeView(self, viewId),
    openHome: () => openHome(self),
    sendEvent: (event, delivery) => sendEvent(self, event, delivery),
    messages: (channel) => state.messages(workspaceChannel(workspace, channel)),
    directMessages: async () => state.messages(await workspace.interactions.directMessage(user.id)),
    ephemerals(channel) {
      const shown = state.ephemerals(user.id);
      if (channel === undefined) return shown;
      const id = workspaceChannel(workspace, channel);
      return shown.filter((each) => each.channel === id);
    },
    modals: () => state.modals(user.id),
    topView: () => state.modals(user.id).at(-1)?.view,
    home: () => state.home(user.id),
    problems: () => state.problems(user.id),
  };
}

interface Self {
  workspace: SlackWorkspace;
  user: WorkspaceUser;
  sender: AppSender;
  /** By view id or message. */
  drafts: Drafts;
}

function draftKey(target: Target): string {
  return 'viewId' in target ? target.viewId : `${target.channel}/${target.ts}`;
}

/** Direct-message ids are not among the workspace's channels: passed through. */
function workspaceChannel(workspace: SlackWorkspace, nameOrId: string): string {
  return nameOrId.startsWith('D') ? nameOrId : workspace.channelId(nameOrId);
}

function viewById({ workspace, user }: Self, viewId: string): SlackView {
  const home = workspace.state.home(user.id);
  if (home?.id === viewId) return home;
  const modal = workspace.state.modals(user.id).find((each) => each.view.id === viewId);
  if (modal === undefined) throw new Error(`${user.name} has no view ${viewId} open`);
  return modal.view;
}

function messageSeen(
  { workspace, user }: Self,
  channel: string,
  ts: string,
): { message: SlackMessage; isEphemeral: boolean } {
  const message = workspace.state.message(channel, ts);
  if (message !== undefined) return { message, isEphemeral: false };
  const ephemeral = workspace.state
    .ephemerals(user.id)
    .find((each) => each.ts === ts && each.channel === channel);
  if (ephemeral === undefined) throw new Error(`${user.name} sees no message ${ts} in ${channel}`);
  return { message: ephemeral, isEphemeral: true };
}

function blocksAt(self: Self, target: Target): readonly JsonRecord[] {
  if ('viewId' in target) return viewById(self, target.viewId).blocks;
  const channel = workspaceChannel(self.workspace, target.channel);
  return messageSeen(self, channel, target.ts).message.blocks ?? [];
}

type Wanted = Target & { actionId: string; blockId?: string };

function findElement(
  self: Self,
  wanted: Wanted,
  fits: (element: JsonRecord) => boolean,
): PlacedElement {
  const found = listElements(blocksAt(self, wanted)).filter(
    ({ element, blockId }) =>
      element.action_id === wanted.actionId &&
      (wanted.blockId === undefined || wanted.blockId === blockId) &&
      fits(element),
  );
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`${self.user.name} sees ${found.length} elements ${wanted.actionId} there`);
  }
  return only;
}

function pickButton(self: Self, click: ButtonClick): JsonRecord {
  const { element, blockId } = findElement(
    self,
    click,
    (each) => click.value === undefined || each.value === click.value,
  );
  const { confirm: _asked, ...button } = element;
  return { ...button, block_id: blockId, action_ts: actionTs(self.workspace) };
}

/** Slack keeps what was chosen: later clicks there report it too. */
function choose(self: Self, wanted: Wanted, answer: Answer): Promise<Interaction> {
  const { element, blockId } = findElement(self, wanted, (each) => each.type !== 'button');
  const actionId = String(element.action_id);
  const state = answeredState(element, answer);
  if (isStateful(element)) {
    const key = draftKey(wanted);
    const given = { [placeKey(blockId, actionId)]: answer };
    self.drafts.put(key, self.drafts.merged(key, blocksAt(self, wanted), given));
  }
  const action = { ...state, action_id: actionId, block_id: blockId };
  return act(self, wanted, { ...action, action_ts: actionTs(self.workspace) });
}

async function act(self: Self, target: Target, action: JsonRecord): Promise<Interaction> {
  const { workspace, user } = self;
  const { views, responseUrls } = workspace.interactions;
  if ('viewId' in target) {
    const view = viewById(self, target.viewId);
    const triggerId = await views.mintTrigger(user.id, view.id);
    const state = stateValues(view.blocks, self.drafts.merged(view.id, view.blocks));
    return deliver(self, viewActionsPayload(workspace, user, { view, action, state, triggerId }));
  }
  const channel = workspaceChannel(workspace, target.channel);
  const { message, isEphemeral } = messageSeen(self, channel, target.ts);
  const { blocks = [] } = message;
  const payload = messageActionsPayload(workspace, user, {
    channel,
    message,
    isEphemeral,
    action,
    state: stateValues(blocks, self.drafts.merged(draftKey(target), blocks)),
    triggerId: await views.mintTrigger(user.id),
    responseUrl: responseUrls.issue({ user: user.id, channel, messageTs: message.ts, isEphemeral }),
  });
  return deliver(self, payload);
}

async function useShortcut(
  self: Self,
  use: { channel: string; ts: string; callbackId?: string },
): Promise<Interaction> {
  const { workspace, user } = self;
  const callbackId = use.callbackId ?? workspace.manifest.messageShortcuts[0] ?? '';
  if (!workspace.manifest.messageShortcuts.includes(callbackId)) {
    throw new Error(`the manifest has no message shortcut ${callbackId}`);
  }
  const channel = workspaceChannel(workspace, use.channel);
  const { message } = messageSeen(self, channel, use.ts);
  const { views, responseUrls } = workspace.interactions;
  const payload = shortcutPayload(workspace, user, {
    callbackId,
    channel,
    message,
    triggerId: await views.mintTrigger(user.id),
    responseUrl: responseUrls.issue({ user: user.id, channel, messageTs: message.ts }),
  });
  return deliver(self, payload);
}

/** Sends an interaction; the body of the answer means nothing to Slack here. */
async function deliver(self: Self, payload: JsonRecord): Promise<Interaction> {
  const answer = await self.sender.sendPayload(payload);
  if (answer.status !== 200) showProblem(self, answer, 'This app did not respond.');
  return { ...answer, payload, errors: [] };
}

async function runCommand(
  self: Self,
  command: string,
  text: string,
  channelName: string,
): Promise<Interaction> {
  const { workspace, user, sender } = self;
  if (!workspace.manifest.commands.includes(command)) {
    throw new Error(`the manifest has no command ${command}`);
  }
  const channel = workspaceChannel(workspace, channelName);
  const { views, responseUrls } = workspace.interactions;
  const target = { user: user.id, channel };
  const form = commandForm(workspace, user, {
    command,
    text,
    channel,
    triggerId: await views.mintTrigger(user.id),
    responseUrl: responseUrls.issue(target),
  });
  const answer = await sender.sendForm(form);
  if (answer.status !== 200) {
    const reason = answer.timedOut ? 'operation_timeout' : 'dispatch_failed';
    showProblem(self, answer, `${command} failed with the error "${reason}"`);
    return { ...answer, payload: form, errors: [] };
  }
  if (answer.body === undefined) return { ...answer, payload: form, errors: [] };
  const message = isRecord(answer.body) ? answer.body : { text: String(answer.body) };
  const errors = await responseUrls.show(target, message);
  noteErrors(self, 'command_response', errors);
  return { ...answer, payload: form, errors };
}

async function submitView(self: Self, viewId: string, answers: Answers): Promise<Interaction> {
  const { workspace, user, sender, drafts } = self;
  const view = viewById(self, viewId);
  const merged = drafts.merged(viewId, view.blocks, answers);
  const values = stateValues(view.blocks, merged);
  const missing = missingInputs(view.blocks, values);
  if (missing.length > 0) throw new Error(`${user.name} cannot submit: ${missing.join(', ')}`);
  drafts.put(viewId, merged);
  const { views } = workspace.interactions;
  const triggerId = await views.mintTrigger(user.id, viewId);
  const payload = viewSubmissionPayload(workspace, user, view, values, triggerId);
  const answer = await sender.sendPayload(payload);
  if (answer.status !== 200) {
    showProblem(self, answer, 'We had some trouble connecting. Try again?');
    return { ...answer, payload, errors: [] };
  }
  const errors = await views.applySubmission(user.id, viewId, answer.body);
  noteErrors(self, 'view_submission_response', errors);
  return { ...answer, payload, errors };
}

async function closeView(self: Self, viewId?: string): Promise<Interaction | undefined> {
  const { workspace, user } = self;
  const { views } = workspace.interactions;
  const top = workspace.state.modals(user.id).at(-1)?.view.id;
  const view = viewById(self, viewId ?? top ?? '');
  if (view.clear_on_close) await views.closeAll(user.id);
  else await views.close(user.id, view.id);
  if (!view.notify_on_close) return undefined;
  return deliver(self, viewClosedPayload(workspace, user, view, view.clear_on_close));
}

async function openHome(self: Self): Promise<Interaction> {
  const { workspace, user } = self;
  const view = workspace.state.home(user.id);
  return sendEvent(self, {
    type: 'app_home_opened',
    user: user.id,
    channel: await workspace.interactions.directMessage(user.id),
    tab: 'home',
    event_ts: actionTs(workspace),
    ...(view === undefined ? {} : { view }),
  });
}

async function sendEvent(
  { workspace, sender }: Self,
  event: JsonRecord,
  options: { eventId?: string; retryNum?: number } = {},
): Promise<Interaction> {
  if (!workspace.manifest.botEvents.includes(String(event.type))) {
    throw new Error(`the manifest does not subscribe to ${String(event.type)}`);
  }
  const payload = eventPayload(workspace, event, options.eventId);
  const headers =
    options.retryNum === undefined
      ? undefined
      : { 'x-slack-retry-num': String(options.retryNum), 'x-slack-retry-reason': 'http_timeout' };
  return { ...(await sender.sendJson(payload, headers)), payload, errors: [] };
}

function showProblem({ workspace, user }: Self, answer: AppAnswer, text: string): void {
  const detail = answer.timedOut ? 'timeout' : `status ${answer.status}`;
  workspace.interactions.state.addProblem({
    user: user.id,
    at: workspace.clock.now(),
    text: `${text} (${detail})`,
  });
}

function noteErrors({ workspace }: Self, method: string, errors: readonly BlockError[]): void {
  if (errors.length === 0) return;
  const at = workspace.clock.now();
  workspace.interactions.journal.violation({ method, at, callSeq: 0, errors });
}
