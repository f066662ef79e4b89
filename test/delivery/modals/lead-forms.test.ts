import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findControlSequences } from '../../../demo/slack/find-control-sequences.ts';
import { validateMessage } from '../../../demo/slack/validate-blocks.ts';
import { validateView } from '../../../demo/slack/validate-view.ts';
import { buildHandOver } from '../../../src/delivery/modals/hand-over.ts';
import { buildSnooze } from '../../../src/delivery/modals/snooze.ts';
import type { LeadNoticeView } from '../../../src/delivery/queries/lead-notice-query.ts';
import { buildDecided } from '../../../src/delivery/replies/decided.ts';
import { buildLeadGiven } from '../../../src/delivery/replies/lead-given.ts';
import { buildOverrideOutcome } from '../../../src/delivery/replies/override-outcome.ts';
import { LEAD_AWAKE, LEAD_GIVEN, LEAD_TAKEN_BACK } from '../../../src/records/lead-notices.ts';
import { WORKWEEK } from '../../../src/routing/workdays.ts';
import { propertyEffort } from '../../support/effort.ts';
import { minutesFrom, NOW, sampleLead } from '../../support/fake-lead-views.ts';
import { hostileLead, hostileText } from '../../support/hostile-views.ts';

const PLACE = { leadId: 'lead', surface: 'board', channel: 'C1' } as const;
const KINDS = [LEAD_GIVEN, LEAD_TAKEN_BACK, LEAD_AWAKE] as const;

function given(over: Partial<LeadNoticeView> = {}): LeadNoticeView {
  return {
    ...{ kind: 'handed_over', lead: sampleLead({ rep: 'U0KIM' }), byName: 'Rae Sample' },
    ...{ to: { name: 'Kim Example' }, note: null, undone: false, memberId: 'U0KIM' },
    isOwn: false,
    ...over,
  };
}

function pings(content: unknown): string[] {
  return findControlSequences(content)
    .map(({ text }) => text)
    .filter((text) => !text.startsWith('<!date^'));
}

describe('any lead, any names and any note', () => {
  test('keep every limit in the forms, and nothing in them acts', () => {
    fc.assert(
      fc.property(hostileLead, (lead) => {
        for (const view of [
          buildSnooze(lead, PLACE, NOW, { timeZone: null, workdays: WORKWEEK }),
          buildHandOver(lead, PLACE),
        ]) {
          expect(validateView(view)).toEqual([]);
          expect(pings(view)).toEqual([]);
        }
      }),
      propertyEffort(40, 500),
    );
  });

  test('keep every limit in the direct message, and nothing in it acts', () => {
    const view = fc.record({
      lead: hostileLead,
      note: fc.option(hostileText),
      byName: fc.option(hostileText),
      to: fc.option(fc.record({ name: fc.option(hostileText) })),
      undone: fc.boolean(),
    });
    fc.assert(
      fc.property(view, fc.constantFrom(...KINDS), (over, kind) => {
        const message = buildLeadGiven(kind, given(over), NOW);
        expect(validateMessage(message)).toEqual([]);
        expect(pings(message)).toEqual([]);
      }),
      propertyEffort(40, 500),
    );
  });
});

describe('words', () => {
  test('a lead that came says from whom, the note, and where it stands', () => {
    const message = buildLeadGiven(LEAD_GIVEN, given({ note: 'Speaks Dutch' }), NOW);
    expect(message.text).toMatch(
      /^Rae Sample handed L-4F7K to you\. A 87 Dana Sample, .*, due .*\. Note: Speaks Dutch$/,
    );
    expect(JSON.stringify(message.blocks)).toContain('lead_accept');
    const closed = given({ lead: sampleLead({ state: 'closed' }) });
    expect(JSON.stringify(buildLeadGiven(LEAD_GIVEN, closed, NOW))).not.toContain('"actions"');
  });

  test.each([
    [LEAD_TAKEN_BACK, {}, 'Rae Sample gave L-4F7K to Kim Example.'],
    [LEAD_TAKEN_BACK, { to: null }, 'Rae Sample put L-4F7K back on the team’s board.'],
    [LEAD_TAKEN_BACK, { to: { name: null } }, 'Rae Sample gave L-4F7K to a colleague.'],
    [LEAD_TAKEN_BACK, { undone: true }, 'Rae Sample gave L-4F7K back to you: it is yours again.'],
    [LEAD_GIVEN, { undone: true, byName: null }, 'A colleague took L-4F7K back again.'],
    [LEAD_TAKEN_BACK, { kind: 'snoozed' }, 'Rae Sample snoozed L-4F7K. It stays yours to call.'],
    [LEAD_TAKEN_BACK, { kind: 'disqualified' }, 'Rae Sample took L-4F7K off the board.'],
    [LEAD_TAKEN_BACK, { kind: 'accepted' }, 'Rae Sample accepted L-4F7K while it was snoozed.'],
    [LEAD_TAKEN_BACK, { kind: 'snoozed', undone: true }, 'Rae Sample put L-4F7K back: it is'],
    [LEAD_AWAKE, { isOwn: true }, 'L-4F7K is back on the board: you snoozed it until now.'],
    [LEAD_AWAKE, {}, 'L-4F7K is back on the board, yours to call. Rae Sample snoozed it'],
  ] as const)('%s %o', (kind, over, said) => {
    expect(buildLeadGiven(kind, given(over), NOW).text).toContain(said);
  });

  test.each([
    ['converted', 'A', 'C', 'You overrode L-4F7K to A; it converted. The rules said C.'],
    ['lost', 'A', 'A', 'You overrode L-4F7K to A; it was closed without converting.'],
    ['won', null, 'B', 'You took L-4F7K off the board; it was won. The rules said B.'],
  ] as const)('%s, overridden to %s, rules %s', (outcome, toTier, ruleTier, said) => {
    const leadId = sampleLead().leadId;
    const view = { leadId, shortId: 'L-4F7K', toTier, ruleTier, outcome };
    const message = buildOverrideOutcome(view);
    expect(message.text).toBe(said);
    expect(validateMessage(message)).toEqual([]);
  });

  test('the form to snooze names the clock of its times where it is known', () => {
    const form = (timeZone: string | null) =>
      JSON.stringify(buildSnooze(sampleLead(), PLACE, NOW, { timeZone, workdays: WORKWEEK }));
    expect(form('Europe/Berlin')).toContain('Times are on your clock in Slack: Europe/Berlin.');
    expect(form(null)).not.toContain('Times are');
    expect(form(null)).toContain(' UTC');
  });

  test('an answer names the moment, the person and the place', () => {
    const lead = {
      ...{ leadId: sampleLead().leadId, shortId: 'L-4F7K', name: 'Dana Sample' },
      ...{ effectiveTier: 'A' as const, phone: null, email: null, crmUrl: null },
    };
    const result = { kind: 'recorded', decisionId: 'd', lead, undoUntil: null } as const;
    const said = (act: Parameters<typeof buildDecided>[0], facts: object) =>
      buildDecided(act, result, NOW, facts).text;
    expect(said('snooze', { until: minutesFrom(NOW, 60) })).toMatch(
      /is snoozed\. Back on the board: <!date\^\d+\^\{date_short_pretty\} at \{time\}\|/,
    );
    expect(said('hand_over', { toMember: 'U0KIM' })).toContain('is handed over to <@U0KIM>.');
    expect(said('assign', { toMember: 'U0KIM' })).toContain('is assigned to <@U0KIM>.');
    expect(said('assign', { toMember: null })).toContain('L-4F7K is back with the team.');
    expect(said('override', { place: { rank: 1, of: 12 } })).toContain(
      'Recorded. L-4F7K is A now, 1st of 12 on the board.',
    );
    expect(said('override', { place: { rank: 1_003, of: 5_000 } })).toContain('1,003rd of 5,000');
    expect(said('override', { place: null })).toContain('Recorded. L-4F7K is A now. Dana');
  });
});
