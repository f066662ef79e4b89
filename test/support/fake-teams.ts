import type { ChannelChecks } from '../../src/delivery/channel-checks.ts';
import type { TeamSource } from '../../src/scoring/rule-files.ts';

/** One team, as routing.yml would have it; its channel is #leads-growth. */
export function sampleTeams(): TeamSource[] {
  return [
    {
      ...{ id: 'growth', label: 'Growth', channel: 'leads-growth', reps: [], capacity: 40 },
      assignment: 'round_robin',
      hours: {
        time_zone: 'Europe/Berlin',
        days: ['mon', 'tue', 'wed'],
        from: '09:00',
        to: '17:30',
      },
    },
  ];
}

/** Every channel is there, and First Call in it. */
export function createFakeChannels(): ChannelChecks {
  return {
    check: async (channel) => {
      const id = /^[CG]\w{6,}$/.test(channel) ? channel : 'C0LEADSGROWTH';
      return { id, name: channel, isMember: true, isArchived: false };
    },
  };
}
