import type { IncomingMessage, ServerResponse } from 'node:http';
import { createEmulator } from 'emulate';
import { salesforceId } from '../../src/lead/salesforce-id.ts';
import { type Clock, systemClock } from '../../src/platform/clock.ts';
import { createFaults, type Faults } from '../doubles/faults.ts';
import type { JsonRecord } from '../doubles/json.ts';
import { startLoopbackServer } from '../doubles/loopback-server.ts';
import { SAMPLE_USERS } from '../slack/workspace.ts';
import { type ConnectedApp, createTokenStore, type TokenStore } from './oauth.ts';
import {
  type DeliveryOptions,
  deliverOutbound,
  type OutboundResult,
  outboundEnvelope,
} from './outbound-message.ts';
import { createOutboundQueue, type OutboundQueue } from './outbound-queue.ts';
import {
  createRecord,
  emptyState,
  type FieldValue,
  type SalesforceRecord,
  type SalesforceState,
  sampleId,
} from './record-store.ts';
import { defineSalesforce } from './salesforce-definition.ts';
import { SalesforceFailure } from './salesforce-error.ts';
import { createSalesforceJournal, type SalesforceJournal } from './salesforce-journal.ts';
import { forwardRequest } from './salesforce-server.ts';
import { createSchema, FIRST_CALL_FIELDS, type FieldDefinition } from './schema.ts';
import {
  type CommittedWrite,
  createRecordWriter,
  type RecordFault,
  type WriteResult,
} from './write-records.ts';

export interface SalesforceUserSeed {
  firstName: string;
  lastName: string;
  email: string;
  isActive?: boolean;
}

export interface SalesforceOptions {
  /** The Lead's custom fields; First Call's default set when left out. */
  customFields?: readonly FieldDefinition[];
  /** On top of the four sample people, who have the same e-mails as in Slack. */
  users?: readonly SalesforceUserSeed[];
  clock?: Clock;
  port?: number;
  /** PEM of the key pair that signs JWT logins; unchecked when left out. */
  publicKey?: string;
  tokenLifetimeMs?: number;
  rotateRefreshTokens?: boolean;
  queryBatchSize?: number;
  outbound?: Parameters<OutboundQueue['define']>[0];
}

export interface SendOutboundOptions extends DeliveryOptions {
  organizationId?: string;
  /** One per record; fresh ones when left out. The same ones again are a redelivery. */
  notificationIds?: readonly string[];
  sessionId?: string;
}

/** A Salesforce org on loopback: REST API, OAuth, outbound messages. */
export interface Salesforce {
  /** Login and instance URL. */
  url: string;
  organizationId: string;
  app: ConnectedApp;
  /** For JWT logins; its writes send no outbound message. */
  integrationUser: { id: string; username: string };
  users: readonly SalesforceRecord[];
  /** Throws when there is none. */
  userIdByEmail(email: string): string;
  leads(): SalesforceRecord[];
  lead(id: string): SalesforceRecord | undefined;
  /** Somebody at work in Salesforce itself; throws a SalesforceFailure. The first sample rep by default. */
  createLead(values: JsonRecord, as?: string): SalesforceRecord;
  updateLead(id: string, values: JsonRecord, as?: string): SalesforceRecord;
  deleteLead(id: string, as?: string): void;
  journal: SalesforceJournal;
  /** Operations as in operation.ts, such as `updateMany` or `token`; targets are record ids. */
  faults: Faults;
  failRecords(fault: RecordFault): () => void;
  setDuplicateRule(isOn: boolean): void;
  tokens: Pick<TokenStore, 'expireAll' | 'issued'>;
  usage: { used: number; limit: number };
  outbound: Pick<OutboundQueue, 'define' | 'idle' | 'results'>;
  /** One envelope now, with the records as given. */
  sendOutboundMessage(
    records: readonly Readonly<Record<string, FieldValue>>[],
    options: SendOutboundOptions,
  ): Promise<OutboundResult>;
  nextNotificationId(): string;
  close(): Promise<void>;
}

export const ORGANIZATION_ID = sampleId('00D', 0);
const INTEGRATION_USERNAME = 'integration@example.com';
const TWO_HOURS_MS = 7_200_000;

/** Starts the org. Rejects when the port cannot be bound. */
export async function createSalesforce(options: SalesforceOptions = {}): Promise<Salesforce> {
  const clock = options.clock ?? systemClock;
  const schema = createSchema(options.customFields ?? FIRST_CALL_FIELDS);
  const seed = seedUsers(schema, clock, options.users ?? []);
  const integrationUserId = userNamed(seed, INTEGRATION_USERNAME) ?? '';
  let state: SalesforceState = seed;
  let url = '';
  let notifications = 0;
  const journal = createSalesforceJournal();
  const faults = createFaults();
  const writer = createRecordWriter(journal);
  const app: ConnectedApp = {
    clientId: 'sample-connected-app',
    clientSecret: 'sample-client-secret',
    ...(options.publicKey === undefined ? {} : { publicKey: options.publicKey }),
  };
  const nextNotificationId = (): string => {
    notifications += 1;
    return sampleId('04l', notifications);
  };
  const outbound = createOutboundQueue({
    organizationId: ORGANIZATION_ID,
    nextNotificationId,
    read: (id) => state.records.Lead[id],
  });
  outbound.define(options.outbound);
  const onCommitted = ({ object, operation, record, userId }: CommittedWrite): void => {
    if (object !== 'Lead' || operation === 'delete' || userId === integrationUserId) return;
    outbound.enqueue(record.Id);
  };
  const tokens = createTokenStore({
    app,
    clock,
    organizationId: ORGANIZATION_ID,
    lifetimeMs: options.tokenLifetimeMs ?? TWO_HOURS_MS,
    rotation: options.rotateRefreshTokens ?? false,
    integrationUserId,
    findUser: (username) => userNamed(state, username),
  });
  const usage = { used: 0, limit: 100_000 };
  const emulator = await createEmulator<SalesforceState>({
    listen: false,
    seed,
    service: defineSalesforce({
      schema,
      clock,
      writer,
      journal,
      tokens,
      usage,
      queryBatchSize: options.queryBatchSize ?? 2_000,
      onCommitted,
      instanceUrl: () => url,
      onState: (live) => {
        state = live;
      },
    }),
  });
  const server = await startLoopbackServer(
    (request: IncomingMessage, response: ServerResponse) =>
      forwardRequest({ emulator, journal, faults, clock }, request, response),
    options.port,
  );
  url = server.url;

  const firstRep = userNamed(state, SAMPLE_USERS.repOne.email) ?? '';
  const insideRequest = (userId: string) => ({
    context: { schema, state, clock, userId },
    requestSeq: 0,
    allowDuplicates: true,
  });
  const settle = (result: WriteResult): SalesforceRecord => {
    if (!result.ok) throw new SalesforceFailure(result.error);
    onCommitted(result.committed);
    return result.committed.record;
  };
  return {
    url,
    organizationId: ORGANIZATION_ID,
    app,
    integrationUser: { id: integrationUserId, username: INTEGRATION_USERNAME },
    users: Object.values(state.records.User),
    userIdByEmail(email) {
      const id = userNamed(state, email);
      if (id === undefined) throw new Error(`no Salesforce user ${email}`);
      return id;
    },
    leads: () => Object.values(state.records.Lead).filter((lead) => lead.IsDeleted !== true),
    lead: (id) => state.records.Lead[salesforceId(id) ?? ''],
    createLead: (values, as = firstRep) => settle(writer.create(insideRequest(as), 'Lead', values)),
    updateLead: (id, values, as = firstRep) =>
      settle(writer.update(insideRequest(as), 'Lead', id, values)),
    deleteLead: (id, as = firstRep) => {
      settle(writer.remove(insideRequest(as), 'Lead', id));
    },
    journal,
    faults,
    failRecords: writer.failRecords,
    setDuplicateRule: writer.setDuplicateRule,
    tokens,
    usage,
    outbound,
    nextNotificationId,
    sendOutboundMessage: (records, send) => {
      const { organizationId = ORGANIZATION_ID, notificationIds, sessionId, ...delivery } = send;
      const list = records.map((record, index) => ({
        id: notificationIds?.[index] ?? nextNotificationId(),
        record,
      }));
      const session = sessionId === undefined ? {} : { sessionId };
      const xml = outboundEnvelope({ organizationId, notifications: list, ...session });
      return deliverOutbound(() => xml, delivery);
    },
    async close() {
      outbound.stop();
      faults.clear();
      await outbound.idle();
      await server.close();
      await emulator.close();
    },
  };
}

function userNamed(state: SalesforceState, username: string): string | undefined {
  const wanted = username.toLowerCase();
  return Object.values(state.records.User).find((user) => user.Username === wanted)?.Id;
}

function seedUsers(
  schema: ReturnType<typeof createSchema>,
  clock: Clock,
  more: readonly SalesforceUserSeed[],
): SalesforceState {
  const state = emptyState();
  const sample = Object.values(SAMPLE_USERS).map(({ realName, email }) => {
    const [firstName = '', ...rest] = realName.split(' ');
    return { firstName, lastName: rest.join(' '), email };
  });
  const integration = {
    firstName: 'First Call',
    lastName: 'Integration',
    email: INTEGRATION_USERNAME,
  };
  const context = { schema, state, clock, userId: sampleId('005', 0) };
  for (const user of [...sample, integration, ...more]) {
    createRecord(context, 'User', {
      FirstName: user.firstName,
      LastName: user.lastName,
      Email: user.email,
      Username: user.email.toLowerCase(),
      IsActive: 'isActive' in user ? (user.isActive ?? true) : true,
    });
  }
  return state;
}
