import { balanceText } from '../replies/report.ts';
import { fitLine } from '../text/escape.ts';
import { HEALTH } from '../text/reply-words.ts';
import { RULES } from '../text/words.ts';
import type { HeldView } from '../views.ts';
import type { HealthLine, SlackDeps } from './deps.ts';

/** "Posting to Slack: ok, running": one line for each thing that can need attention. */
export async function readHealthLines(deps: SlackDeps): Promise<{ ok: boolean; text: string }[]> {
  const lines = [...(await ownHealth(deps)), ...((await deps.health?.()) ?? [])];
  return lines.map(({ name, ok, detail }) => {
    const verdict = ok ? HEALTH.ok : HEALTH.attention;
    return { ok, text: fitLine(`${name}: ${verdict}, ${detail}`, 300) };
  });
}

async function ownHealth({ switches, ruleAdmin, queries }: SlackDeps): Promise<HealthLine[]> {
  const [paused, live, held, report] = await Promise.all([
    switches.paused(),
    ruleAdmin.live(),
    queries.held(),
    queries.report(1),
  ]);
  const { conservation } = report;
  return [
    { name: HEALTH.posting, ok: !paused, detail: paused ? HEALTH.paused : HEALTH.running },
    { name: HEALTH.ruleset, ok: true, detail: RULES.live(live.version, live.rules.length) },
    ...heldHealth(held),
    { name: HEALTH.balance, ok: conservation.balanced, detail: balanceText(report) },
  ];
}

/** A rule that stops leads does its work: only what could not be read or scored needs mending. */
function heldHealth({ broken, stopped }: HeldView): HealthLine[] {
  const isRead = broken.count === 0;
  return [
    {
      name: HEALTH.held,
      ok: isRead,
      detail: isRead ? HEALTH.allRead : HEALTH.toLookAt(broken.count),
    },
    {
      name: HEALTH.stopped,
      ok: true,
      detail: stopped.count === 0 ? HEALTH.noneStopped : HEALTH.toLookAt(stopped.count),
    },
  ];
}
