import { isRecord, type JsonRecord, recordsOf, stringOf } from '../doubles/json.ts';
import type { BlockError } from './block-checks.ts';
import { withBlockIds } from './block-ids.ts';
import type { ClientStateWriter, OpenModal, SlackView } from './client-state.ts';
import type { SlackAnswer, SlackEmulator } from './emulator.ts';
import { validateView } from './validate-view.ts';

const MAX_STACK = 3;

/**
 * Modal stacks and home tabs per person. Ids, hashes and trigger ids are the emulator's; what it
 * lacks is here: views that close, the stack's depth after a close, submit responses.
 */
export interface Views {
  mintTrigger(user: string, viewId?: string): Promise<string>;
  open(args: JsonRecord): Promise<SlackAnswer>;
  push(args: JsonRecord): Promise<SlackAnswer>;
  update(args: JsonRecord): Promise<SlackAnswer>;
  publish(args: JsonRecord): Promise<SlackAnswer>;
  /** Takes one modal off the person's stack. */
  close(user: string, viewId: string): Promise<void>;
  closeAll(user: string): Promise<void>;
  /** Applies what the app answered to a view_submission; returns what was wrong with the answer. */
  applySubmission(user: string, viewId: string, answer: unknown): Promise<readonly BlockError[]>;
}

export function createViews(emulator: SlackEmulator, state: ClientStateWriter): Views {
  const triggers = new Map<string, { user: string; viewId: string | undefined }>();

  async function mintTrigger(user: string, viewId?: string): Promise<string> {
    const { body } = await emulator.callAsBot('views.generateTriggerId', {
      user_id: user,
      ...(viewId === undefined ? {} : { view_id: viewId }),
    });
    const id = stringOf(body.trigger_id);
    if (id === undefined) throw new Error(`no trigger id: ${String(body.error)}`);
    triggers.set(id, { user, viewId });
    return id;
  }

  /** A closed view keeps its external id in the emulator; Slack frees it. */
  async function freeExternalId({ view }: OpenModal): Promise<void> {
    if (view.external_id === '') return;
    const blank = { type: view.type, title: view.title, blocks: view.blocks, external_id: '' };
    await emulator.callAsBot('views.update', { view_id: view.id, view: blank });
  }

  async function setStack(user: string, stack: readonly OpenModal[]): Promise<void> {
    const kept = new Set(stack.map((each) => each.view.id));
    const closed = state.modals(user).filter((each) => !kept.has(each.view.id));
    state.setModals(user, stack);
    await Promise.all(closed.map(freeExternalId));
  }

  async function open(args: JsonRecord): Promise<SlackAnswer> {
    const answer = await emulator.callAsBot('views.open', args);
    const view = viewOf(answer);
    const user = triggers.get(triggerOf(args))?.user;
    if (view !== undefined && user !== undefined) await setStack(user, [{ view, errors: {} }]);
    return answer;
  }

  // The emulator never forgets a closed view and would count it against the depth for ever, so a push
  // is an open there and the stack is kept here.
  async function push(args: JsonRecord): Promise<SlackAnswer> {
    const trigger = triggers.get(triggerOf(args));
    const stack = trigger === undefined ? [] : state.modals(trigger.user);
    const parent = stack.find((each) => each.view.id === trigger?.viewId)?.view;
    if (trigger !== undefined && parent === undefined) return failure('view_not_found');
    if (stack.length >= MAX_STACK) return failure('push_limit_reached');
    const answer = await emulator.callAsBot('views.open', args);
    const opened = viewOf(answer);
    if (opened === undefined || trigger === undefined || parent === undefined) return answer;
    const view = { ...opened, root_view_id: parent.root_view_id, previous_view_id: parent.id };
    await setStack(trigger.user, [...stack, { view, errors: {} }]);
    return { ...answer, body: { ...answer.body, view } };
  }

  async function update(args: JsonRecord): Promise<SlackAnswer> {
    const viewId = stringOf(args.view_id);
    const externalId = stringOf(args.external_id);
    const found = state.findView((view) =>
      viewId === undefined ? view.external_id === externalId : view.id === viewId,
    );
    if (found === undefined || (viewId ?? externalId) === undefined) return failure('not_found');
    const answer = await emulator.callAsBot('views.update', { ...args, view_id: found.view.id });
    const updated = viewOf(answer);
    if (updated !== undefined) replaceView(state, found.user, found.view, updated);
    return answer;
  }

  async function publish(args: JsonRecord): Promise<SlackAnswer> {
    const answer = await emulator.callAsBot('views.publish', args);
    const view = viewOf(answer);
    if (view !== undefined) state.setHome(String(args.user_id), view);
    return answer;
  }

  async function close(user: string, viewId: string): Promise<void> {
    await setStack(
      user,
      state.modals(user).filter((each) => each.view.id !== viewId),
    );
  }

  async function applySubmission(
    user: string,
    viewId: string,
    answer: unknown,
  ): Promise<readonly BlockError[]> {
    if (!isRecord(answer) || answer.response_action === undefined) {
      await close(user, viewId);
      return [];
    }
    if (answer.response_action === 'clear') {
      await setStack(user, []);
      return [];
    }
    if (answer.response_action === 'errors') return showErrors(state, user, viewId, answer.errors);
    const errors = validateView(answer.view);
    if (errors.length > 0) return errors;
    // Closed while the app worked: Slack drops the answer without a word.
    if (!state.modals(user).some((each) => each.view.id === viewId)) return [];
    const result =
      answer.response_action === 'push'
        ? await push({ view: answer.view, trigger_id: await mintTrigger(user, viewId) })
        : await update({ view: answer.view, view_id: viewId });
    return result.body.ok === true
      ? []
      : [{ pointer: '/view', message: String(result.body.error) }];
  }

  const closeAll = (user: string): Promise<void> => setStack(user, []);
  return { mintTrigger, open, push, update, publish, close, closeAll, applySubmission };
}

function replaceView(
  state: ClientStateWriter,
  user: string,
  before: SlackView,
  updated: SlackView,
): void {
  // The emulator knows no parents (see push); they are kept from before.
  const { root_view_id, previous_view_id } = before;
  const view = { ...updated, root_view_id, previous_view_id };
  if (view.type === 'home') {
    state.setHome(user, view);
    return;
  }
  const stack = state.modals(user);
  state.setModals(
    user,
    stack.map((each) => (each.view.id === view.id ? { view, errors: {} } : each)),
  );
}

/** Errors name the input blocks; one that names another block is the app's mistake and shows nowhere. */
function showErrors(
  state: ClientStateWriter,
  user: string,
  viewId: string,
  value: unknown,
): readonly BlockError[] {
  const stack = state.modals(user);
  const view = stack.find((each) => each.view.id === viewId)?.view;
  const inputs = new Set(
    recordsOf(view?.blocks)
      .filter((block) => block.type === 'input')
      .map((block) => block.block_id),
  );
  const entries = Object.entries(isRecord(value) ? value : {});
  const errors = Object.fromEntries(entries.map(([key, text]) => [key, String(text)]));
  state.setModals(
    user,
    stack.map((each) => (each.view.id === viewId ? { ...each, errors } : each)),
  );
  const strangers = Object.keys(errors).filter((key) => !inputs.has(key));
  if (entries.length === 0) return [{ pointer: '/errors', message: 'must name an input block' }];
  return strangers.map((key) => ({ pointer: `/errors/${key}`, message: 'no such input block' }));
}

function triggerOf(args: JsonRecord): string {
  return stringOf(args.trigger_id) ?? stringOf(args.interactivity_pointer) ?? '';
}

function failure(error: string): SlackAnswer {
  return { httpStatus: 200, body: { ok: false, error } };
}

function viewOf({ body }: SlackAnswer): SlackView | undefined {
  const view = body.view;
  if (body.ok !== true || !isRecord(view)) return undefined;
  return {
    ...view,
    id: String(view.id),
    hash: String(view.hash),
    type: view.type === 'home' ? 'home' : 'modal',
    callback_id: String(view.callback_id ?? ''),
    private_metadata: String(view.private_metadata ?? ''),
    external_id: String(view.external_id ?? ''),
    blocks: withBlockIds(view.blocks),
    root_view_id: String(view.root_view_id ?? view.id),
    previous_view_id: stringOf(view.previous_view_id) ?? null,
    notify_on_close: view.notify_on_close === true,
    clear_on_close: view.clear_on_close === true,
  };
}
