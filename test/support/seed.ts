import { randomInt } from 'node:crypto';

/** One seed for a whole run: given by FIRSTCALL_SEED to repeat it, otherwise drawn, and always printed. */
export function drawSeed(): number {
  const given = Number(process.env.FIRSTCALL_SEED);
  return Number.isSafeInteger(given) && given > 0 ? given : randomInt(1, 2 ** 31);
}
