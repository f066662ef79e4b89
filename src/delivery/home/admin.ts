import type { KnownBlock } from '@slack/types';
import { ACTIONS } from '../action-ids.ts';
import {
  actions,
  button,
  context,
  divider,
  header,
  mrkdwn,
  option,
  person,
  richLists,
  section,
  span,
} from '../blocks/kit.ts';
import { select, usersSelect } from '../blocks/pickers.ts';
import { GRANTABLE_ROLES } from '../ports.ts';
import { fitLine } from '../text/escape.ts';
import { HOME, PEOPLE } from '../text/home-words.ts';
import { LABELS } from '../text/words.ts';
import type { HealthText, PeopleSection, RoleRow, RulesLine } from './home-views.ts';

const ROLES_SHOWN = 12;
const MISSING_SHOWN = 8;

export function rulesBlocks({ version, count }: RulesLine): KnownBlock[] {
  return [
    divider(),
    header(HOME.rulesTitle),
    section(HOME.rules(version, count)),
    actions('home_rules', [button({ label: LABELS.rules, actionId: ACTIONS.rulesOpen })]),
  ];
}

/** The lines of `/firstcall health`. */
export function healthBlocks(lines: readonly HealthText[]): KnownBlock[] {
  return [divider(), header(HOME.healthTitle), ...richLists(lines.map(({ text }) => [span(text)]))];
}

/** Only what somebody should look at, for the top of the page; nothing while all is well. */
export function attentionBlocks(lines: readonly HealthText[]): KnownBlock[] {
  const wrong = lines.filter(({ ok }) => !ok);
  if (wrong.length === 0) return [];
  const said = richLists(wrong.map(({ text }) => [span(text)]));
  return [header(HOME.attention(wrong.length)), ...said, divider()];
}

/** Who may do what, a form to change it, and whom of routing nobody knows. */
export function peopleBlocks(people: PeopleSection, now: Date): KnownBlock[] {
  const { notInSlack, notInCrm } = people;
  const strangers = notInSlack.map((email) => fitLine(email, 100));
  const unlinked = (notInCrm ?? []).map(({ name }) => fitLine(name, 60));
  return [
    divider(),
    header(PEOPLE.title),
    ...roleLists(people.roles),
    context(mrkdwn(PEOPLE.everyone)),
    grantForm(now),
    ...missing(PEOPLE.notInSlack(strangers.length), strangers, PEOPLE.notInSlackHint),
    ...missing(PEOPLE.notInCrm(unlinked.length), unlinked, PEOPLE.notInCrmHint),
  ];
}

function roleLists(roles: readonly RoleRow[]): KnownBlock[] {
  const lines = roles
    .slice(0, ROLES_SHOWN)
    .map(({ userId, role, grantedBy }) => [
      person(userId),
      span(`: ${PEOPLE.role[role]}`),
      ...(grantedBy === null ? [] : [span(`, ${PEOPLE.grantedBy} `), person(grantedBy)]),
    ]);
  const more = roles.length - lines.length;
  return richLists(more > 0 ? [...lines, [span(PEOPLE.more(more))]] : lines);
}

/** Its id is new each time, so that it is empty again after a role was granted. */
function grantForm(now: Date): KnownBlock {
  const roles = GRANTABLE_ROLES.map((role) => option(PEOPLE.role[role], role));
  return actions(`home_grant.${now.getTime()}`, [
    usersSelect(ACTIONS.homeGrantPerson, PEOPLE.person),
    select({ actionId: ACTIONS.homeGrantRole, placeholder: PEOPLE.roleFor, options: roles }),
    button({ label: PEOPLE.grant, actionId: ACTIONS.homeGrant }),
  ]);
}

function missing(title: string, names: readonly string[], hint: string): KnownBlock[] {
  if (names.length === 0) return [];
  const more = names.length - MISSING_SHOWN;
  const lines = names.slice(0, MISSING_SHOWN);
  return [
    section(`*${title}*`),
    ...richLists((more > 0 ? [...lines, PEOPLE.more(more)] : lines).map((line) => [span(line)])),
    context(mrkdwn(hint)),
  ];
}
