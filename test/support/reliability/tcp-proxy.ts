import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net';

/** What a protocol does with the two ends of one connection. */
export type Relay = (client: Socket, server: Socket) => void;

export interface TcpProxy {
  port: number;
  /** Cuts every connection; new ones are let through. */
  cut(): void;
  close(): Promise<void>;
}

/** Passes loopback connections on to `target`. When one end goes, so does the other, at once. */
export async function startTcpProxy(
  target: { host: string; port: number },
  relay: Relay,
): Promise<TcpProxy> {
  const pairs = new Set<() => void>();
  const server = createServer((client) => {
    const upstream = tcpConnect(target);
    const end = () => {
      pairs.delete(end);
      client.destroy();
      upstream.destroy();
    };
    pairs.add(end);
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
    }
    relay(client, upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const end of pairs) end();
  };
  return {
    port: portOf(server),
    cut,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return address.port;
}
