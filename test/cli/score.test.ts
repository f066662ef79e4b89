import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runRulesCheck } from '../../src/cli/rules/check.ts';
import { runScore } from '../../src/cli/score.ts';
import { outboundMessage } from '../intake/sample-requests.ts';
import { printedBy, runCli } from '../support/cli.ts';

const LEAD = {
  id: 'web-1',
  first_name: 'Ada',
  last_name: 'Sample',
  email: 'ada@acme.example',
  company: 'Acme Example',
  title: 'VP Sales',
  employees: 450,
};
/** The last line of a why. */
const TOTAL = /^ +\d+ +total$/m;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firstcall-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function score(content: unknown) {
  const file = join(folder, 'lead.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return printedBy(() => runScore(file, { rules: undefined, json: false }));
}

describe('firstcall score', () => {
  it.each<[string, unknown]>([
    ['one object', LEAD],
    ['an envelope', { type: 'lead.created', timestamp: '2026-11-20T14:03:00Z', data: LEAD }],
  ])('prints the why of %s', async (_, content) => {
    const { code, stdout, stderr } = await score(content);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(TOTAL);
    expect(stdout).not.toContain('Lead 1');
  });

  it.each<[string, unknown]>([
    ['a list', [LEAD, LEAD]],
    ['leads by name', { leads: [LEAD, LEAD] }],
    ['leads in an envelope', { type: 'lead.created', data: { leads: [LEAD, LEAD] } }],
    ['an outbound message', outboundMessage([{}, { id: '04l000000000002AAA' }])],
  ])('prints the why of each of %s', async (_, content) => {
    const { code, stdout } = await score(content);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Lead 1 of 2: Ada Sample, Acme/m);
    expect(stdout.match(new RegExp(TOTAL, 'gm'))).toHaveLength(2);
  });

  it('says which single change would lift the tier, in JSON with the change', async () => {
    const { stdout } = await score(LEAD);
    expect(stdout).toContain('What would lift it:\n  A message about');
    const file = join(folder, 'lead.json');
    const json = await printedBy(() => runScore(file, { rules: undefined, json: true }));
    expect(JSON.parse(json.stdout).nearMisses[0]).toMatchObject({
      from: 'message',
      kind: 'missing',
      changes: [{ fields: { 'lead.topics': ['demo'] }, signals: null }],
    });
  });

  it('scores the good ones of a batch and says why the others would be held', async () => {
    const { code, stdout, stderr } = await score([LEAD, { comments: 'who am I' }, LEAD]);
    expect(code).toBe(1);
    expect(stdout.match(new RegExp(TOTAL, 'gm'))).toHaveLength(2);
    expect(stdout).toContain('Lead 2 of 3\nHeld: no-identity');
    expect(stderr).toMatch(/^Lead 2: It would be held \(no-identity: .+\.\n$/);
  });

  it('says what could not be read of a lead, and when there is none', async () => {
    const odd = await score({ ...LEAD, employees: 'lots', country: 'Atlantis' });
    expect(odd.code).toBe(0);
    expect(odd.stderr).toContain('country: is not a country that we know.');
    expect(odd.stderr).toMatch(/^employees: /m);
    const none = await score([]);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('holds no leads.')]);
  });

  it('reads standard input and prints JSON', async () => {
    const many = await runCli(['score', '-', '--json'], { stdin: JSON.stringify([LEAD, {}]) });
    expect(JSON.parse(many.stdout)).toMatchObject([
      { points: expect.any(Number) },
      { held: 'not-a-lead' },
    ]);
    expect(many.code).toBe(1);
  });

  it('reads the signals beside a lead, and says which it cannot read', async () => {
    const signals = [{ kind: 'pricing_viewed' }, { occurredAt: '2026-11-20' }, 'x'];
    const { code, stderr } = await score({ ...LEAD, signals });
    expect(code).toBe(0);
    expect(stderr.match(/^Signal [23] is left out\./gm)).toHaveLength(2);
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', 'hello', /lead\.json is not valid JSON/],
    ['nothing', '', /lead\.json is empty: send JSON\.$/],
    ['a number', '42', /lead\.json holds no lead that can be read: Send an object/],
    ['broken XML', '<a><b></a>', /lead\.json|not well-formed/],
    ['other XML', '<a/>', /lead\.json holds no lead that can be read: This is no SOAP/],
  ])('refuses %s in one sentence', async (_, content, sentence) => {
    const { code, stdout, stderr } = await score(content);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim()).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    ['nowhere.json', undefined, /^nowhere\.json cannot be read: there is no such file\.$/],
    ['test', undefined, /^test cannot be read: it is a folder, name a file\.$/],
    ['package.json', 'nowhere', /^The rules folder nowhere cannot be read/],
  ])('says what is not there: %s, rules %s', async (file, rules, sentence) => {
    const { code, stderr } = await printedBy(() => runScore(file, { rules, json: false }));
    expect(code).toBe(2);
    expect(stderr.trim()).toMatch(sentence);
  });
});

describe('the rules folder', () => {
  it('is the one of RULES_DIR, of .env, or the one that is named', async () => {
    await cp('scoring-rules', join(folder, 'mine'), { recursive: true });
    const env = { RULES_DIR: 'mine', PORT: 'not even this keeps it from working' };
    const configured = await runCli(['rules', 'check'], { cwd: folder, env });
    expect(configured).toMatchObject({ code: 0, stderr: '' });
    await writeFile(join(folder, '.env'), 'RULES_DIR=mine\n');
    const scored = await runCli(['score', '-'], { cwd: folder, stdin: JSON.stringify(LEAD) });
    expect(scored.code).toBe(0);
    const named = await printedBy(() => runRulesCheck('elsewhere', { json: false }));
    expect(named.code).toBe(2);
    expect(named.stderr).toContain('The rules folder elsewhere cannot be read');
  });
});
