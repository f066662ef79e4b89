import type { Socket } from 'node:net';
import {
  createMessageReader,
  createStatementReader,
  type PostgresMessage,
} from './postgres-messages.ts';
import { startTcpProxy } from './tcp-proxy.ts';
import { createTraps, type SprungTrap, type Trap, type TrapRule, type Traps } from './traps.ts';

export interface PostgresProxy {
  /** Connect here instead of to the database. */
  url: string;
  trap(rule: TrapRule): Trap;
  /** Lets everything go on. */
  clear(): void;
  /** Cuts every connection, as a restart of Postgres does. */
  cut(): void;
  close(): Promise<void>;
}

/** Stands between the app and Postgres and can stop a statement before it runs or before its answer arrives. */
export async function startPostgresProxy(databaseUrl: string): Promise<PostgresProxy> {
  const url = new URL(databaseUrl);
  const target = { host: url.hostname, port: Number(url.port || 5432) };
  const traps = createTraps();
  const proxy = await startTcpProxy(target, (client, server) => relay(traps, client, server));
  url.host = `127.0.0.1:${proxy.port}`;
  return { url: url.href, trap: traps.set, clear: traps.clear, cut: proxy.cut, close: proxy.close };
}

function relay(traps: Traps, client: Socket, server: Socket): void {
  const readClient = createMessageReader('client');
  const readServer = createMessageReader('server');
  const readStatement = createStatementReader();
  let earlier: string[] = [];
  /** Set while an answer is held back. */
  let answerTrap: SprungTrap | undefined;
  let held: Buffer[] = [];

  async function forward(message: PostgresMessage): Promise<void> {
    const statement = readStatement(message);
    if (statement === undefined) {
      server.write(message.bytes);
      return;
    }
    const trap = traps.spring(statement, earlier);
    if (/^begin|^start transaction/i.test(statement)) earlier = [];
    earlier.push(statement);
    if (trap?.at === 'before') {
      trap.arrive();
      await trap.released;
    }
    if (trap?.at === 'after') answerTrap = trap;
    server.write(message.bytes);
  }

  let passing: Promise<void> = Promise.resolve();
  client.on('data', (chunk) => {
    const messages = readClient(bytesOf(chunk));
    passing = passing.then(async () => {
      server.cork();
      for (const message of messages) await forward(message);
      server.uncork();
    });
  });
  server.on('data', (chunk) => {
    // Cutting into messages has to go on all the time, to know where the next one begins.
    client.cork();
    for (const message of readServer(bytesOf(chunk))) {
      if (answerTrap === undefined) client.write(message.bytes);
      else held.push(message.bytes);
      if (answerTrap !== undefined && message.type === 'Z') void holdAnswer(answerTrap);
    }
    client.uncork();
  });

  async function holdAnswer(trap: SprungTrap): Promise<void> {
    trap.arrive();
    await trap.released;
    answerTrap = undefined;
    client.write(Buffer.concat(held));
    held = [];
  }
}

function bytesOf(chunk: string | Buffer): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
