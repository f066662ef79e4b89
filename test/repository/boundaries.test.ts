import { homedir } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  codeOf,
  importsOf,
  ROOT,
  readFiles,
  readOne,
  type SourceFile,
  targetOf,
} from './source-files.ts';

const CORE = ['lead', 'scoring', 'routing', 'evaluation'];

/** What would make a core function depend on more than its arguments. */
const IMPURE: [string, RegExp][] = [
  [
    'the clock',
    /\bDate\.now\b|\bnew Date\(\s*\)|\bDateTime\.(now|local|utc)\(\s*\)|\bperformance\./,
  ],
  ['chance', /\bMath\.random\b|\bcrypto\./],
  ['the process', /\bprocess\.|\bglobalThis\b|\bconsole\./],
  ['the locale of the machine', /\.localeCompare\(|\.toLocale\w+\(\s*\)/],
  ['time passing', /\basync\b|\bawait\b|\bPromise\b|\bset(Timeout|Interval|Immediate)\b/],
  ['the network', /\bfetch\(/],
];

const Package = z.object({
  scripts: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

let src: SourceFile[];
let core: SourceFile[];

beforeAll(async () => {
  src = await readFiles('src/**/*.ts');
  core = src.filter(({ path }) => CORE.some((folder) => path.startsWith(`src/${folder}/`)));
});

describe('the core folders', () => {
  it('hold something', () => {
    for (const folder of CORE) {
      expect(core.some(({ path }) => path.startsWith(`src/${folder}/`))).toBe(true);
    }
  });

  it('import no edge and no module of Node', () => {
    const wrong = core.flatMap(({ path, text }) =>
      importsOf(text)
        .filter(({ specifier }) => specifier.startsWith('node:') || leavesCore(path, specifier))
        .map(({ specifier }) => `${path} imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it('are functions of their arguments', () => {
    const wrong = core.flatMap(({ path, text }) => {
      const code = codeOf(text);
      return IMPURE.filter(([, pattern]) => pattern.test(code)).map(
        ([what]) => `${path} depends on ${what}`,
      );
    });
    expect(wrong).toEqual([]);
  });
});

describe('src', () => {
  it('reads the environment in one file', () => {
    const readers = src.filter(({ text }) =>
      /process\.env|['"]node:process['"]/.test(codeOf(text)),
    );
    expect(readers.map(({ path }) => path)).toEqual(['src/platform/config.ts']);
  });

  it('has no import cycle', () => {
    expect(findCycle(src)?.join(' -> ')).toBeUndefined();
  });

  it('imports only files that exist', () => {
    const paths = new Set(src.map(({ path }) => path));
    const wrong = src.flatMap((file) =>
      localTargets(file)
        .filter((target) => target.startsWith('src/') && !paths.has(target))
        .map((target) => `${file.path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has adapters made in one place', () => {
    const creators = src.flatMap(({ path, text }) =>
      importsOf(text)
        .filter(({ specifier, isType }) => !isType && /\/app\.ts$/.test(specifier))
        .map(() => path),
    );
    expect(creators.filter((path) => !/^src\/(main|cli\/[\w-]+)\.ts$/.test(path))).toEqual([]);
  });
});

describe('every file', () => {
  it('has at most 400 lines of code', async () => {
    const files = await readFiles('{src,demo,bench,bin}/**/*.{ts,tsx,js}');
    const long = files.filter(({ text }) => text.trimEnd().split('\n').length > 400);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('names no place on one machine', async () => {
    const files = await readFiles(
      '**/*.{ts,tsx,js,json,yml,md,sql,css,html}',
      '.ci/*',
      'Dockerfile',
    );
    const homes = /(?<![\w.])\/(?:home|Users|root|mnt)\/[\w.-]+|\b[A-Z]:\\\\?Users\\/;
    const places = [ROOT, homedir()].filter((place) => place.split(/[\\/]/).length > 2);
    const wrong = files.filter(
      ({ text }) => homes.test(text) || places.some((place) => text.includes(place)),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

describe('dependencies', () => {
  let manifest: z.infer<typeof Package>;
  beforeAll(async () => {
    manifest = Package.parse(JSON.parse(await readOne('package.json')));
  });

  it('are locked without the address of a registry', async () => {
    expect(await readOne('package-lock.json')).not.toContain('"resolved"');
  });

  it('are pinned to one version', () => {
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+[\w.-]*$/.test(version))).toEqual([]);
  });

  it('are used by what runs in production', () => {
    expect(unusedOf(Object.keys(manifest.dependencies), src)).toEqual([]);
  });

  it('for development are used by the demo, the tests or a script', async () => {
    const files = await readFiles('{demo,test,bench}/**/*.{ts,tsx,css}', '*.{ts,json}');
    const names = Object.keys(manifest.devDependencies).filter(
      (name) => !name.startsWith('@types/'),
    );
    const inScripts = Object.values(manifest.scripts).join(' ');
    expect(unusedOf(names, files).filter((name) => !inScripts.includes(`/${name}/`))).toEqual([]);
  });
});

function leavesCore(path: string, specifier: string): boolean {
  const target = targetOf(path, specifier);
  return target !== null && !CORE.some((folder) => target.startsWith(`src/${folder}/`));
}

function localTargets({ path, text }: SourceFile): string[] {
  return importsOf(text)
    .filter(({ isType }) => !isType)
    .flatMap(({ specifier }) => targetOf(path, specifier) ?? []);
}

/** The first cycle of files that import each other at run time, from a file back to itself. */
function findCycle(files: SourceFile[]): string[] | undefined {
  const graph = new Map(files.map((file) => [file.path, localTargets(file)]));
  const done = new Set<string>();
  function walk(path: string, trail: string[]): string[] | undefined {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const next of graph.get(path) ?? []) {
      const cycle = walk(next, [...trail, path]);
      if (cycle) return cycle;
    }
    done.add(path);
    return undefined;
  }
  for (const path of graph.keys()) {
    const cycle = walk(path, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** Packages that no file names in quotes: `'name'` or `'name/part'`. */
function unusedOf(names: string[], files: SourceFile[]): string[] {
  const text = files.map((file) => file.text).join('\n');
  return names.filter((name) => !new RegExp(`['"./]${name}['"/]`).test(text));
}

describe('the tests', () => {
  it('of the product fail on what Slack would refuse', async () => {
    const tests = await readFiles('test/**/*.ts');
    const unchecked = tests
      .filter(({ text }) => /await createSlackWorkspace\(/.test(text))
      // Those of the double break its limits on purpose.
      .filter(({ path }) => !/^test\/(demo|repository)\//.test(path))
      .map(({ path }) => path);
    expect(unchecked).toEqual(['test/support/checked-workspace.ts']);
  });
});
