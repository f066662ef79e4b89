import { vi } from 'vitest';
import type { Interaction, Person } from '../../../demo/slack/person.ts';
import type { SlackWorkspace } from '../../../demo/slack/workspace.ts';
import type { DecisionKind } from '../../../src/decisions/ledger.ts';
import type { OutageWorld } from './outage-world.ts';
import type { PostedLead } from './posted-leads.ts';
import { type Told, textOf, toldAtHome, toldByClick, toldByModal } from './told.ts';

/** One thing that somebody does, made ready so that it can be done at any moment. */
export interface Act {
  name: string;
  person: Person;
  do(): Promise<Interaction>;
  told(done: DoneAct): Told[];
  /** The row that the ledger has of it when it is recorded. Null: it decides nothing. */
  row: { leadId: string; kind: DecisionKind } | null;
}

export interface DoneAct {
  act: Act;
  at: Date;
  /** When Slack sent it to the app: the double needs a moment of its own before. */
  sentAt: Date;
  answer: Interaction;
}

const WAIT = { timeout: 30_000, interval: 20 };

export async function doAct(slack: SlackWorkspace, act: Act): Promise<DoneAct> {
  const at = slack.clock.now();
  const answer = await act.do();
  const sentAt = new Date(slack.clock.now().getTime() - answer.elapsedMs);
  return { act, at, sentAt, answer };
}

export function acceptAct(slack: SlackWorkspace, person: Person, lead: PostedLead): Act {
  const { channel, ts, value, leadId } = lead;
  return {
    name: `accept ${lead.shortId}`,
    person,
    do: () => person.clickButton({ channel, ts, actionId: 'lead_accept', value }),
    told: ({ answer }) => toldByClick(slack, answer),
    row: { leadId, kind: 'accepted' },
  };
}

/** One of every kind of interaction, each by a person of its own, all ready. */
export async function everyKind(world: OutageWorld): Promise<Act[]> {
  const { slack, people, admin, rep, leads } = world;
  const atHome = await homeAcceptAct(slack, rep, leads);
  const rest = [...people];
  const one = () => taken(rest.shift(), 'person');
  const lead = () => taken(leads.shift(), 'lead');
  const receiver = one().user.id;
  return [
    await formAct(slack, one(), lead(), {
      ...{ kind: 'overridden', callbackId: 'lead_override_view' },
      open: (by, at) => by.clickButton({ ...at, actionId: 'lead_override' }),
      answers: { target: 'A', reason: 'tier:more_urgent' },
    }),
    await formAct(slack, one(), lead(), {
      ...{ kind: 'snoozed', callbackId: 'lead_snooze_view' },
      ...{ open: menu('snooze'), answers: {} },
    }),
    await formAct(slack, one(), lead(), {
      ...{ kind: 'handed_over', callbackId: 'lead_hand_over_view' },
      ...{ open: menu('hand_over'), answers: { to_member: receiver } },
    }),
    notMineAct(slack, one(), lead()),
    await undoAct(slack, one(), lead()),
    whyAct(slack, one(), lead()),
    commandAct(slack, one(), 'queue'),
    commandAct(slack, admin, 'grant', `<@${receiver}> manager`),
    homeAct(slack, one()),
    atHome,
    await publishAct(slack, admin),
  ];
}

function taken<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`too few: ${what}`);
  return value;
}

interface Form {
  kind: DecisionKind;
  callbackId: string;
  open(by: Person, at: { channel: string; ts: string; value: string }): Promise<Interaction>;
  answers: Record<string, string>;
}

function menu(choice: string): Form['open'] {
  return (by, { channel, ts, value }) =>
    by.selectOverflow({
      ...{ channel, ts, actionId: 'lead_more', blockId: `board.${value}` },
      value: `${choice}.${value}`,
    });
}

async function formAct(
  slack: SlackWorkspace,
  person: Person,
  { channel, ts, value, leadId, shortId }: PostedLead,
  form: Form,
): Promise<Act> {
  await form.open(person, { channel, ts, value });
  const viewId = await opened(person, form.callbackId);
  return {
    name: `${form.kind} ${shortId}`,
    person,
    do: () => person.submitView(viewId, form.answers),
    told: ({ answer, at }) => toldByModal(slack, answer, at),
    row: { leadId, kind: form.kind },
  };
}

/** The id of the form once it is filled. */
function opened(person: Person, callbackId: string): Promise<string> {
  return vi.waitFor(() => {
    const view = person.topView();
    if (view?.callback_id !== callbackId) throw new Error(`not open yet: ${textOf(view)}`);
    return view.id;
  }, WAIT);
}

function notMineAct(slack: SlackWorkspace, person: Person, lead: PostedLead): Act {
  return {
    name: `not mine ${lead.shortId}`,
    person,
    do: () => menu('not_mine')(person, lead),
    told: ({ answer }) => toldByClick(slack, answer),
    row: { leadId: lead.leadId, kind: 'reassigned' },
  };
}

async function undoAct(slack: SlackWorkspace, person: Person, lead: PostedLead): Promise<Act> {
  const seen = person.ephemerals().length;
  await acceptAct(slack, person, lead).do();
  const offer = await vi.waitFor(() => taken(person.ephemerals()[seen], 'answer'), WAIT);
  const { channel, ts } = offer;
  return {
    name: `undo ${lead.shortId}`,
    person,
    do: () => person.clickButton({ channel, ts, actionId: 'decision_undo' }),
    told: ({ answer }) => toldByClick(slack, answer),
    row: { leadId: lead.leadId, kind: 'undone' },
  };
}

function whyAct(slack: SlackWorkspace, person: Person, lead: PostedLead): Act {
  return {
    name: `why ${lead.shortId}`,
    person,
    do: () => menu('why')(person, lead),
    told({ at }) {
      const viewId = person.topView()?.id;
      return slack.journal.all
        .filter((call) => call.method === 'views.update' && call.committed && call.at >= at)
        .filter((call) => call.args.view_id === viewId)
        .map((call) => ({ at: call.at, text: textOf(call.args.view) }));
    },
    row: null,
  };
}

function commandAct(slack: SlackWorkspace, person: Person, command: string, rest = ''): Act {
  return {
    name: `/firstcall ${command}`,
    person,
    do: () => person.runCommand('/firstcall', `${command} ${rest}`.trim()),
    told: ({ answer }) => toldByClick(slack, answer),
    row: null,
  };
}

function homeAct(slack: SlackWorkspace, person: Person): Act {
  return {
    name: 'home opened',
    person,
    do: () => person.openHome(),
    told: ({ at }) => toldAtHome(slack, person.user.id, at),
    row: null,
  };
}

/** The answer to a click in App Home stands in App Home. Takes its lead out of `leads`. */
async function homeAcceptAct(
  slack: SlackWorkspace,
  rep: Person,
  leads: PostedLead[],
): Promise<Act> {
  await rep.openHome();
  const { viewId, value } = await vi.waitFor(() => {
    const home = taken(rep.home(), 'home');
    const found = /"value":"([0-9a-f-]{36}\.\d+)"/.exec(JSON.stringify(home.blocks));
    return { viewId: home.id, value: taken(found?.[1], 'lead at home') };
  }, WAIT);
  const leadId = value.slice(0, 36);
  const index = leads.findIndex((lead) => lead.leadId === leadId);
  if (index >= 0) leads.splice(index, 1);
  return {
    name: `accept at home ${leadId}`,
    person: rep,
    do: () => rep.clickButton({ viewId, actionId: 'lead_accept', value }),
    told: ({ at }) => toldAtHome(slack, rep.user.id, at),
    row: { leadId, kind: 'accepted' },
  };
}

async function publishAct(slack: SlackWorkspace, admin: Person): Promise<Act> {
  await admin.runCommand('/firstcall', 'rules');
  const list = await vi.waitFor(() => {
    const view = admin.topView();
    if (!JSON.stringify(view ?? null).includes('rules_change')) throw new Error('no rules yet');
    return taken(view, 'view');
  }, WAIT);
  const value = /"value":"(fit\.[^"]+)"/.exec(JSON.stringify(list))?.[1] ?? '';
  await admin.clickButton({ viewId: list.id, actionId: 'rules_change', value });
  const form = await opened(admin, 'rule_change_view');
  await admin.submitView(form, { points: '7', note: 'While Postgres was away' });
  const preview = await opened(admin, 'rule_publish_view');
  return {
    name: 'publish rules',
    person: admin,
    do: () => admin.submitView(preview),
    told: ({ answer, at }) => toldByModal(slack, answer, at),
    row: null,
  };
}
