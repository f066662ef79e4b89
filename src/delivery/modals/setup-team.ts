import type { KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { WEEKDAYS } from '../../routing/business-hours.ts';
import { INPUTS, VIEWS } from '../action-ids.ts';
import { input } from '../blocks/input.ts';
import { context, mrkdwn, option, plain } from '../blocks/kit.ts';
import { select } from '../blocks/pickers.ts';
import { escapeMrkdwn } from '../text/escape.ts';
import { SLACK_LIMITS } from '../text/limits.ts';
import { SETUP, WEEKDAY_NAMES } from '../text/setup-words.ts';
import { LABELS } from '../text/words.ts';
import { noteInput } from './change-rule.ts';
import { modal } from './modal.ts';
import { labelOf, type TeamSetup } from './setup.ts';

/** What the form must know when it comes back. */
export interface SetupTeamMetadata {
  teamId: string;
  baseVersion: number;
}

/** As many as fit into what a view may carry. */
const MOST_REPS = 100;

/** The form of one team, with its present values; `zone` is the one of the admin's own clock. */
export function buildSetupTeam(
  setup: TeamSetup,
  baseVersion: number,
  zone: string | null,
): ModalView {
  const { team, channel, reps, manager } = setup;
  const { hours } = team;
  const users = reps.flatMap(({ userId }) => userId ?? []);
  return modal({
    title: SETUP.teamTitle,
    callbackId: VIEWS.setupTeam,
    submit: LABELS.preview,
    close: LABELS.cancel,
    metadata: { teamId: team.id, baseVersion } satisfies SetupTeamMetadata,
    blocks: [
      context(mrkdwn(escapeMrkdwn(labelOf(team), 75))),
      channelInput(channel.id),
      team.reps.length > MOST_REPS
        ? context(mrkdwn(SETUP.tooMany(team.reps.length, MOST_REPS)))
        : repsInput(users),
      input(
        INPUTS.manager,
        SETUP.managerLabel,
        {
          type: 'users_select',
          action_id: INPUTS.manager,
          ...(manager?.userId == null ? {} : { initial_user: manager.userId }),
        },
        true,
      ),
      zoneInput(hours.time_zone, zone),
      daysInput(hours.days),
      clockInput(INPUTS.from, SETUP.from, hours.from),
      clockInput(INPUTS.to, SETUP.to, hours.to, SETUP.hoursHint),
      noteInput(SETUP.note),
    ],
  });
}

function channelInput(channelId: string | null): KnownBlock {
  return input(INPUTS.channel, SETUP.channel, {
    type: 'conversations_select',
    action_id: INPUTS.channel,
    filter: { include: ['public', 'private'], exclude_bot_users: true },
    ...(channelId === null ? {} : { initial_conversation: channelId }),
  });
}

function repsInput(users: string[]): KnownBlock {
  return {
    ...input(
      INPUTS.reps,
      SETUP.repsLabel,
      {
        type: 'multi_users_select',
        action_id: INPUTS.reps,
        max_selected_items: MOST_REPS,
        ...(users.length === 0 ? {} : { initial_users: users }),
      },
      true,
    ),
    hint: plain(SETUP.repsHint, SLACK_LIMITS.inputLabel),
  };
}

/** The zones in which most teams work; the present one and the admin's own are offered besides. */
const ZONES =
  `Africa/Cairo Africa/Johannesburg Africa/Lagos Africa/Nairobi America/Anchorage America/Argentina/Buenos_Aires
America/Bogota America/Chicago America/Denver America/Halifax America/Lima America/Los_Angeles America/Mexico_City
America/New_York America/Phoenix America/Santiago America/Sao_Paulo America/Toronto America/Vancouver Asia/Bangkok
Asia/Dhaka Asia/Dubai Asia/Ho_Chi_Minh Asia/Hong_Kong Asia/Jakarta Asia/Jerusalem Asia/Karachi Asia/Kolkata
Asia/Kuala_Lumpur Asia/Manila Asia/Riyadh Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Taipei Asia/Tokyo
Australia/Adelaide Australia/Brisbane Australia/Melbourne Australia/Perth Australia/Sydney Europe/Amsterdam
Europe/Athens Europe/Berlin Europe/Brussels Europe/Bucharest Europe/Budapest Europe/Copenhagen Europe/Dublin
Europe/Helsinki Europe/Istanbul Europe/Kyiv Europe/Lisbon Europe/London Europe/Madrid Europe/Oslo Europe/Paris
Europe/Prague Europe/Rome Europe/Stockholm Europe/Vienna Europe/Warsaw Europe/Zurich Pacific/Auckland
Pacific/Honolulu UTC`.split(/\s+/);

function zoneInput(present: string, own: string | null): KnownBlock {
  const near = [present, ...(own === null ? [] : [own])];
  const zones = [...new Set([...near, ...ZONES])].filter(
    (zone) => zone.length <= SLACK_LIMITS.optionValue,
  );
  const options = zones.map((zone) => option(zone.replaceAll('_', ' '), zone));
  return input(
    INPUTS.timeZone,
    SETUP.timeZone,
    select({
      ...{ actionId: INPUTS.timeZone, placeholder: SETUP.timeZone, options, chosen: present },
    }),
  );
}

function daysInput(days: readonly string[]): KnownBlock {
  const options = WEEKDAYS.map((day) => option(WEEKDAY_NAMES[day], day));
  const ticked = options.filter(({ value }: PlainTextOption) => days.includes(value ?? ''));
  return input(INPUTS.days, SETUP.days, {
    type: 'checkboxes',
    action_id: INPUTS.days,
    options,
    ...(ticked.length === 0 ? {} : { initial_options: ticked }),
  });
}

function clockInput(id: string, label: string, value: string, hint?: string): KnownBlock {
  const block = input(id, label, { type: 'timepicker', action_id: id, initial_time: value });
  return hint === undefined ? block : { ...block, hint: plain(hint, SLACK_LIMITS.inputLabel) };
}
