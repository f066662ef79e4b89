import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** One line: what the figures were measured on, and what else it was doing. */
export function describeMachine(): string {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = loadavg()[0]?.toFixed(1) ?? '?';
  return [
    `${cores.length} cores (${cores[0]?.model.trim() ?? 'unknown'})`,
    `${memory} GB memory`,
    `${platform()} ${release()} ${arch()}`,
    `node ${process.versions.node}`,
    `load before the run ${load}`,
  ].join(', ');
}
