import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Team {
  /** What a lead says, so that it is routed here. */
  country: string;
  channel: string;
}

const COUNTRIES = [
  ...['DE', 'US', 'GB', 'FR', 'NL', 'BE', 'ES', 'IT', 'SE', 'DK', 'FI', 'CH'],
  ...['AT', 'AU', 'NZ', 'CA', 'IE', 'NO', 'PL', 'PT', 'JP', 'SG', 'BR', 'MX'],
];
const RULES = join(import.meta.dirname, '../../../scoring-rules');

/** One team for each of the first `count` countries (24 at most), the last one for everyone else. */
export function manyTeams(count: number): Team[] {
  return COUNTRIES.slice(0, count).map((country) => ({
    country,
    channel: `leads-${country.toLowerCase()}`,
  }));
}

/** The rules of the repository with these teams in place of its own. */
export async function writeTeamRules(
  teams: readonly Team[],
): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'firstcall-rules-'));
  await cp(RULES, folder, { recursive: true });
  await writeFile(join(folder, 'routing.yml'), routing(teams));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

function routing(teams: readonly Team[]): string {
  const team = ({ country, channel }: Team) => `
  - id: team-${country.toLowerCase()}
    label: Team ${country}
    channel: ${channel}
    manager: manager@example.com
    reps: [{ email: rep.one@example.com }, { email: rep.two@example.com }]
    assignment: round_robin
    hours: { time_zone: Europe/Berlin, days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:30" }`;
  const route = ({ country }: Team, index: number) => `
  - id: route.${country.toLowerCase()}
    ${index === teams.length - 1 ? '' : `when: lead.country == "${country}"`}
    team: team-${country.toLowerCase()}
    why: Country ${country}`;
  return `teams:${teams.map(team).join('')}\nroutes:${teams.map(route).join('')}\n`;
}
