import type { FastifyInstance } from 'fastify';
import { AppError } from './errors.ts';

/** Resolves to the address that it listens on; throws `config_invalid` with one sentence for people. */
export async function listenHttp(
  http: FastifyInstance,
  { host, port }: { host: string; port: number },
): Promise<string> {
  try {
    return await http.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const sentence = explain(code, host, port);
    if (sentence === undefined) throw error;
    throw new AppError('config_invalid', sentence, { retryable: false, cause: error });
  }
}

function explain(code: unknown, host: string, port: number): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} of this machine is taken by another program, perhaps another First Call: stop that one, or set PORT to a free port.`;
    case 'EACCES':
      return `This user may not listen on port ${port}: set PORT to one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine: set HOST to 0.0.0.0 for all of them, or 127.0.0.1 for this machine alone.`;
  }
  return undefined;
}
