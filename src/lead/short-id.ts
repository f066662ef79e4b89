// Crockford's alphabet: no I, L, O or U, so that nothing looks like 1 or 0.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SHORTEST = 4;
const LONGEST = 6;

/**
 * "L-4F7K": what people say for a lead. Four characters name a million; on a collision try again, and with
 * `length` 5, then 6.
 *
 * @param random at least `length` random bytes, or a random whole number below 32 ** length
 */
export function shortId(random: Uint8Array | number, length = SHORTEST): string {
  if (length < SHORTEST || length > LONGEST) throw new RangeError('length is 4, 5 or 6');
  const digits = typeof random === 'number' ? digitsOf(random, length) : Array.from(random);
  if (digits.length < length) throw new RangeError(`${length} random bytes are needed`);
  return `L-${digits.slice(0, length).map(character).join('')}`;
}

/** The id that a person meant ("l-4f7k", "4F7K", "L 4F7O"), or null when it is none. */
export function parseShortId(text: string): string | null {
  if (text.length > 40) return null;
  const bare = text
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    // No id holds an L, so a leading one is the prefix whenever enough is left without it.
    .replace(/^L(?=[0-9A-Z]{4,6}$)/, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  const isId = bare.length >= SHORTEST && bare.length <= LONGEST && !bare.includes('U');
  return isId ? `L-${bare}` : null;
}

function digitsOf(random: number, length: number): number[] {
  return Array.from({ length }, (_, index) => Math.floor(Math.abs(random) / 32 ** index) % 32);
}

function character(byte: number): string {
  return ALPHABET.charAt(byte & 31);
}
