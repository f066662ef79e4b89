import { startTcpProxy } from './tcp-proxy.ts';
import { createTraps, type Trap, type TrapRule } from './traps.ts';

export interface RedisProxy {
  url: string;
  /** Only `before`: what a client sends together counts as one statement. */
  trap(rule: TrapRule & { at: 'before' }): Trap;
  clear(): void;
  close(): Promise<void>;
}

export async function startRedisProxy(redisUrl: string): Promise<RedisProxy> {
  const url = new URL(redisUrl);
  const traps = createTraps();
  const target = { host: url.hostname, port: Number(url.port) };
  const proxy = await startTcpProxy(target, (client, server) => {
    server.on('data', (chunk) => client.write(chunk));
    let passing: Promise<void> = Promise.resolve();
    client.on('data', (chunk) => {
      passing = passing.then(async () => {
        const trap = traps.spring(chunk.toString('latin1'), []);
        trap?.arrive();
        await trap?.released;
        server.write(chunk);
      });
    });
  });
  url.host = `127.0.0.1:${proxy.port}`;
  return { url: url.href, trap: traps.set, clear: traps.clear, close: proxy.close };
}
