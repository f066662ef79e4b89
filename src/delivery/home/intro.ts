import type { KnownBlock, RichTextElement } from '@slack/types';
import { ACTIONS } from '../action-ids.ts';
import { actions, button, divider, header, richLists, section, span } from '../blocks/kit.ts';
import { GRANTABLE_ROLES, type GrantableRole } from '../ports.ts';
import { fitLine } from '../text/escape.ts';
import { INTRO } from '../text/home-words.ts';
import type { Part, SetupStep } from './home-views.ts';
import { draw } from './part.ts';

/** What somebody sees until they say "Got it": one introduction for each role that they have grown into. */
export function introBlocks(
  role: GrantableRole,
  putAway: readonly GrantableRole[],
  setup: Part<SetupStep[]> | null,
): KnownBlock[] {
  const own = GRANTABLE_ROLES.slice(0, GRANTABLE_ROLES.indexOf(role) + 1).toReversed();
  const shown = own.find((each) => !putAway.includes(each));
  if (shown === undefined) return [];
  return [
    header(INTRO.title[shown]),
    section(INTRO.lines[shown].join('\n')),
    ...(shown === 'admin' ? draw(setup, 'setup', stepBlocks) : []),
    actions(`home_intro.${shown}`, [
      button({
        label: INTRO.gotIt,
        actionId: ACTIONS.homeGotIt,
        value: shown,
        spoken: `${INTRO.gotIt}: ${INTRO.title[shown]}`,
      }),
    ]),
    divider(),
  ];
}

function stepBlocks(steps: readonly SetupStep[]): KnownBlock[] {
  if (steps.length === 0) return [];
  const left = steps.filter(({ isDone }) => !isDone).length;
  return [
    ...richLists(steps.map(stepLine)),
    section(left === 0 ? INTRO.allDone : INTRO.left(left)),
  ];
}

function stepLine({ id, isDone, missing }: SetupStep): RichTextElement[] {
  const { name, todo } = INTRO.steps[id];
  if (isDone) return [span(`${name}: ${INTRO.done}`)];
  const names = fitLine(missing.join(', '), 300);
  return [span(`${name}: `), span(INTRO.open, 'bold'), span(`, ${todo(names)}`)];
}
