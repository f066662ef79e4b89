/** Starts a watch of this thread's processor time, in milliseconds: other than a clock, a busy machine leaves it alone. */
export function watchCpu(): () => number {
  const before = process.threadCpuUsage();
  return () => {
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1_000;
  };
}
