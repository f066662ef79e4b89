import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net';

/** Stands between the app and Postgres and can take it away in both ways in which databases go away. */
export interface OutageProxy {
  /** Connect here instead of to the database. */
  url: string;
  /** Bytes stand still both ways and connections stay open, as with a machine that is frozen. */
  hang(): Promise<void>;
  /** Cuts every connection and refuses new ones, as a server that was stopped. */
  refuse(): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

export async function startOutageProxy(databaseUrl: string): Promise<OutageProxy> {
  const url = new URL(databaseUrl);
  const target = { host: url.hostname, port: Number(url.port || 5432) };
  const sockets = new Set<Socket>();
  let isHanging = false;
  let server = await listen(0);
  const { port } = server.address() as { port: number };
  url.host = `127.0.0.1:${port}`;

  async function listen(at: number): Promise<Server> {
    const next = createServer(relay);
    await new Promise<void>((resolve, reject) => {
      next.once('error', reject);
      next.listen(at, '127.0.0.1', resolve);
    });
    return next;
  }

  function relay(client: Socket): void {
    const upstream = tcpConnect(target);
    const ends = [client, upstream] as const;
    const end = () => {
      for (const socket of ends) {
        sockets.delete(socket);
        socket.destroy();
      }
    };
    for (const [index, socket] of ends.entries()) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
      socket.on('data', (chunk) => ends[1 - index]?.write(chunk));
      if (isHanging) socket.pause();
    }
  }

  async function stop(): Promise<void> {
    const stopped = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await stopped;
  }

  return {
    url: url.href,
    async hang() {
      isHanging = true;
      for (const socket of sockets) socket.pause();
    },
    refuse: stop,
    async resume() {
      isHanging = false;
      for (const socket of sockets) socket.resume();
      if (!server.listening) server = await listen(port);
    },
    close: stop,
  };
}
