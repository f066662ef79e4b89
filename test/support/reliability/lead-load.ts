import type { Team } from './many-teams.ts';
import type { RandomChoices } from './random.ts';

/** What must become of a lead: called at once, called, merged into an earlier one, or held. */
export type LeadKind = 'hot' | 'ordinary' | 'duplicate' | 'stopped' | 'unusable';

export interface LoadLead {
  webhookId: string;
  kind: LeadKind;
  /** The person's name, which nobody else has: what Slack shows. Empty when unusable. */
  person: string;
  channel: string;
  body: Record<string, unknown>;
}

export interface LeadLoad {
  /** `hot`: the first of them is a tier A lead of this team, whatever else is drawn. */
  batch(count: number, hot?: Team): LoadLead[];
}

/** Plainly sample leads of every fate, drawn at random. */
export function createLeadLoad(random: RandomChoices, teams: readonly Team[]): LeadLoad {
  const people: LoadLead[] = [];
  let count = 0;

  function draw(team: Team, kind: LeadKind): LoadLead {
    count += 1;
    const name = `Person${String(count).padStart(5, '0')}`;
    const webhookId = `msg_load_${count}`;
    if (kind === 'duplicate') {
      const known = people[random.below(people.length)];
      if (known !== undefined) {
        const body = { ...known.body, id: `web-${count}`, campaign: `campaign-${count}` };
        return { ...known, webhookId, kind, body };
      }
    }
    if (kind === 'unusable') {
      return { webhookId, kind, person: '', channel: '', body: { id: `web-${count}` } };
    }
    const domain = kind === 'stopped' ? 'rival.example' : `company-${count}.example`;
    const lead: LoadLead = {
      webhookId,
      kind: kind === 'duplicate' ? 'ordinary' : kind,
      person: name,
      channel: team.channel,
      body: {
        id: `web-${count}`,
        first_name: 'Dana',
        last_name: name,
        email: `dana.${count}@${domain}`,
        company: `Sample Company ${count}`,
        country: team.country,
        ...(kind === 'hot' ? HOT : COOL),
      },
    };
    if (kind !== 'stopped') people.push(lead);
    return lead;
  }

  return {
    batch(size, hot) {
      return Array.from({ length: size }, (_, index) => {
        if (index === 0 && hot) return draw(hot, 'hot');
        const team = teams[random.below(teams.length)];
        if (team === undefined) throw new RangeError('no teams');
        return draw(team, kindOf(random.next()));
      });
    },
  };
}

const HOT = {
  title: 'VP Sales Operations',
  employees: 450,
  industry: 'Logistics',
  message: 'We would like a demo and pricing for 40 people this quarter.',
};
const COOL = { title: 'Accountant', employees: 40, message: 'Please tell me more.' };

function kindOf(chance: number): LeadKind {
  if (chance < 0.1) return 'hot';
  if (chance < 0.2) return 'duplicate';
  if (chance < 0.24) return 'stopped';
  return chance < 0.28 ? 'unusable' : 'ordinary';
}
