import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

export interface SilentPostgres {
  url: string;
  /** Resolves once somebody has connected. */
  connected: Promise<unknown>;
  close(): Promise<void>;
}

/** Takes connections and never answers, as a frozen Postgres does. */
export async function startSilentPostgres(): Promise<SilentPostgres> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined).resume();
    sockets.push(socket);
  });
  const connected = once(server, 'connection');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `postgres://postgres@127.0.0.1:${port}/none`,
    connected,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
