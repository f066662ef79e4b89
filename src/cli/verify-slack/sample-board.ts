import { buildBoard } from '../../delivery/cards/board.ts';
import type { MessageContent } from '../../delivery/send/lead-board.ts';
import type { BoardView, LeadRow } from '../../delivery/views.ts';

/** A board with one lead that nobody can take for a real one. */
export function sampleBoard(channelId: string, points: number, now: Date): MessageContent {
  const view: BoardView = {
    ...{ team: 'Check of First Call', channelId, leads: [sampleLead(points, now)], openCount: 1 },
    ...{ held: { broken: 0, stopped: 0 }, rulesetVersion: 0, computedAt: now, revision: 1 },
  };
  return buildBoard(view);
}

function sampleLead(points: number, now: Date): LeadRow {
  return {
    leadId: '00000000-0000-7000-8000-000000000000',
    shortId: 'L-0000',
    personName: 'Sample person, check of First Call',
    title: 'VP Sales',
    company: 'Example, nobody to call',
    asked: 'This board is a check. It is taken away again in a moment.',
    askedEarlier: false,
    ...{ tier: 'A', effectiveTier: 'A', points, fitPoints: points - 20, intentPoints: 20 },
    range: { min: points, max: points, approximate: false },
    possibleTiers: ['A'],
    slaDueAt: null,
    receivedAt: now,
    ...{ rep: null, repName: null, state: 'open', accepted: null, snoozedUntil: null },
    why: { points: 20, text: 'Sample line of the why' },
    missingCount: 0,
    crmUrl: null,
  };
}
