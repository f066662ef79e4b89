import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { changeTeam, type TeamChange } from '../../src/scoring/change-team.ts';

const ROUTING = `# Who should act.
teams:
  - id: growth # the small ones
    label: Growth
    channel: "leads-growth" # moved in spring
    manager: manager@example.com
    reps:
      - { email: rep.one@example.com } # on leave in May
      - { email: Rep.Two@example.com, capacity: 15 }
    assignment: round_robin
    hours: { time_zone: Europe/Berlin, days: [ mon, tue ], from: "09:00", to: "17:30" }
    holidays: [ "2026-12-25" ]
routes:
  - id: route.rest # everyone
    team: growth
`;
const SAME: TeamChange = {
  teamId: 'growth',
  ...{ channel: 'leads-growth', channelName: 'leads-growth', manager: 'manager@example.com' },
  reps: ['rep.one@example.com', 'rep.two@example.com'],
  hours: { time_zone: 'Europe/Berlin', days: ['mon', 'tue'], from: '09:00', to: '17:30' },
};

function changed(change: Partial<TeamChange>): string {
  const result = changeTeam({ 'routing.yml': ROUTING, 'fit.yml': '# fit' }, { ...SAME, ...change });
  if (!result.ok) throw new Error(result.message);
  expect(result.files['fit.yml']).toBe('# fit');
  return result.files['routing.yml'] ?? '';
}

describe('a change of a team', () => {
  it('of nothing changes not a letter', () => {
    expect(changed({})).toBe(ROUTING);
  });

  it('touches only what it names: comments, quotes and capacities stay', () => {
    const text = changed({
      reps: ['rep.two@example.com', 'new@example.com', 'rep.one@example.com'],
      hours: { ...SAME.hours, from: '08:00' },
    });
    expect(text).toBe(
      ROUTING.replace(
        /( {6}- \{ email: rep.one.*\n)( {6}- \{ email: Rep.Two.*\n)/,
        '$2      - { email: new@example.com }\n$1',
      ).replace('from: "09:00"', 'from: "08:00"'),
    );
  });

  it('names an unreadable channel id beside it, and takes a manager out', () => {
    const text = changed({ channel: 'C0SALES01', channelName: 'sales\n# teams:', manager: null });
    expect(text).toContain('channel: C0SALES01 # sales # teams:\n    reps:');
    expect(parse(text).teams).toHaveLength(1);
  });

  it('writes the first rep into an empty list, and days as a list', () => {
    const empty = ROUTING.replace(/reps:\n( {6}.*\n)+/, 'reps: []\n');
    const hours = { ...SAME.hours, days: ['mon' as const, 'sun' as const] };
    const result = changeTeam({ 'routing.yml': empty }, { ...SAME, hours });
    const [team] = result.ok ? parse(result.files['routing.yml'] ?? '').teams : [];
    expect(team.reps).toEqual(SAME.reps.map((email) => ({ email })));
    expect(team.hours.days).toEqual(['mon', 'sun']);
  });

  it('of a team that is not there, or in a broken file, is refused in words', () => {
    expect(changeTeam({ 'routing.yml': ROUTING }, { ...SAME, teamId: 'sales' })).toEqual({
      ok: false,
      message: 'There is no team "sales".',
    });
    expect(changeTeam({ 'routing.yml': 'teams: [' }, SAME)).toEqual({
      ok: false,
      message: 'routing.yml is not valid YAML.',
    });
  });
});
