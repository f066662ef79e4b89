import { spawn } from 'node:child_process';
import { stopSignal } from '../main.ts';
import { asAppError } from '../platform/errors.ts';

export interface DemoCommand {
  port: number;
  open: boolean;
  fast: boolean;
}

/** `npx firstcall demo`: runs until Ctrl-C. The demo lives outside of src, and is loaded only here. */
export async function runDemo(options: DemoCommand): Promise<number> {
  if (!Number.isInteger(options.port) || options.port < 0 || options.port > 65_535) {
    process.stderr.write('--port takes a whole number from 0 to 65535.\n');
    return 2;
  }
  const { startDemo } = await import('../../demo/run-demo.ts');
  const { printRanking } = await import('../../demo/print-ranking.ts');
  const say = (line: string) => process.stdout.write(`  ${line}\n`);
  const stopping = stopSignal();
  process.stdout.write('First Call demo: sample data, and nothing leaves this machine.\n');
  try {
    const started = await startDemo({
      port: options.port,
      pace: options.fast ? 0 : 1,
      dataDir: '.firstcall/demo',
      say,
    });
    if (!started.ok) {
      if (stopping.isGiven()) return 0;
      process.stderr.write(`${started.message}\n`);
      return 69;
    }
    const { demo } = started;
    if (!stopping.isGiven()) {
      const { db, clock, rulesets } = demo.app.parts;
      const channels = async () => [
        ...new Set((await rulesets.live()).teams.map((team) => team.channel)),
      ];
      await printRanking({ db, clock, channels }, (text) => process.stdout.write(text));
      process.stdout.write(
        `\nOpen ${demo.url} and be the rep, the manager or the admin. Ctrl-C stops everything.\n`,
      );
      if (options.open && process.stdout.isTTY) openBrowser(demo.url);
    }
    await stopping.signal;
    process.stdout.write('\n  Stopping\n');
    await demo.stop();
    return 0;
  } catch (error) {
    if (stopping.isGiven()) return 0;
    process.stderr.write(`The demo could not start: ${asAppError(error).message}\n`);
    return 69;
  }
}

/** Best effort: the address is printed anyway. */
function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  const child = spawn(command ?? 'xdg-open', args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
