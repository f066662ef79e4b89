import { describe, expect, it } from 'vitest';
import { isRecord } from '../../demo/doubles/json.ts';
import { findControlSequences } from '../../demo/slack/find-control-sequences.ts';
import { validateMessage } from '../../demo/slack/validate-blocks.ts';
import { validateView } from '../../demo/slack/validate-view.ts';
import { readFiles } from '../repository/source-files.ts';
import { BUILDERS } from '../support/builders.ts';
import { HOSTILE_TEXTS } from '../support/hostile-views.ts';

const FOLDERS = ['cards', 'modals', 'replies', 'home'];
/** What only hostile text asks for; ours are people, dates and our own links. */
const FOREIGN = /!channel|!here|!everyone|subteam|mailto|evil|C0BOARD\|/;

describe('every card, modal, reply and home view', () => {
  it('has its worst case here', async () => {
    const files = await readFiles(`src/delivery/{${FOLDERS.join(',')}}/*.ts`);
    const names = files.flatMap(({ path, text }) => {
      const folder = path.split('/').at(-2);
      const found = text.matchAll(/^export (?:async )?function ((?:build|render)\w+)/gm);
      return [...found].map(([, name]) => `${folder}/${name}`);
    });
    expect(Object.keys(BUILDERS).sort()).toEqual(names.sort());
  });

  it.each(Object.entries(BUILDERS))(
    '%s is taken by Slack, whatever people wrote',
    (_name, build) => {
      for (const text of HOSTILE_TEXTS) {
        const built = build(text);
        for (const each of Array.isArray(built) ? built : [built]) {
          expect(problemsOf(each), `with ${JSON.stringify(text.slice(0, 40))}`).toEqual([]);
          const sequences = findControlSequences(each).map(({ text: found }) => found);
          expect(sequences.filter((found) => FOREIGN.test(found))).toEqual([]);
        }
      }
    },
  );
});

function problemsOf(built: unknown): unknown[] {
  if (!isRecord(built)) return [{ pointer: '', message: 'nothing was built' }];
  return built.type === 'modal' || built.type === 'home'
    ? validateView(JSON.parse(JSON.stringify(built)))
    : validateMessage(built, 4_000);
}
