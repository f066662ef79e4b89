import { asAppError } from '../platform/errors.ts';
import type { Logger } from '../platform/logger.ts';
import type { MemberDirectory } from '../records/members.ts';
import type { Rulesets } from '../records/rulesets.ts';

export interface DirectorySyncOptions {
  rulesets: Rulesets;
  members: MemberDirectory;
  log: Logger;
  /** Links the people to their CRM users. */
  matchCrm?: () => Promise<{ unmatched: string[] }>;
  intervalMs?: number;
}

const INTERVAL_MS = 10 * 60_000;
const RETRY_MS = 5_000;

/** Learns who the people named in routing are in Slack, so that leads can be assigned to them. */
export function startDirectorySync(options: DirectorySyncOptions): { stop(): Promise<void> } {
  const { rulesets, members, log } = options;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  async function sync(): Promise<number> {
    try {
      const { teams } = await rulesets.live();
      const emails = new Set(teams.flatMap((team) => team.reps.map((rep) => rep.email)));
      const { unmatched } = await members.learn([...emails]);
      if (unmatched.length > 0) {
        log.warn({ count: unmatched.length }, 'people named in routing are not in Slack');
      }
      const unlinked = (await options.matchCrm?.())?.unmatched.length ?? 0;
      if (unlinked > 0) log.warn({ count: unlinked }, 'people without a CRM user of their e-mail');
      return options.intervalMs ?? INTERVAL_MS;
    } catch (error) {
      log.warn({ err: asAppError(error) }, 'people could not be looked up, trying again');
      return RETRY_MS;
    }
  }

  function schedule(delayMs: number): void {
    if (stopped) return;
    timer = setTimeout(() => {
      running = sync().then(schedule);
    }, delayMs);
  }

  schedule(0);
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
