import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainTime, readTime } from '../../src/scoring/read-time.ts';
import { propertyEffort } from '../support/effort.ts';

const FIRST = Date.parse('1900-01-01T00:00:00.000Z');
const LAST = Date.parse('3000-12-31T00:00:00.000Z');
const written = fc.integer({ min: FIRST, max: LAST }).map((ms) => new Date(ms).toISOString());
const digits = (most: number) => fc.nat(most).map((value) => String(value).padStart(2, '0'));
/** Of the right form, with days, hours and minutes that may not exist. */
const loose = fc
  .tuple(fc.nat(9999), digits(13), digits(32), digits(25), digits(61), digits(61), fc.nat(999))
  .map(([year, month, day, hours, minutes, seconds, ms]) => {
    const date = `${String(year).padStart(4, '0')}-${month}-${day}`;
    return `${date}T${hours}:${minutes}:${seconds}.${String(ms).padStart(3, '0')}Z`;
  });
const damaged = fc
  .tuple(written, fc.nat(23), fc.string({ minLength: 1, maxLength: 1 }))
  .map(([text, at, other]) => text.slice(0, at) + other + text.slice(at + 1));

it('reads a time as Date.parse does, whatever it looks like', () => {
  fc.assert(
    fc.property(fc.oneof(written, loose, damaged, fc.string()), (text) => {
      expect(readTime(text)).toBe(Date.parse(text));
      const plain = plainTime(text);
      if (plain !== -1) expect(new Date(plain).toISOString()).toBe(text);
    }),
    propertyEffort(2_000, 100_000),
  );
});

it('takes no time from what is no text', () => {
  for (const value of [null, undefined, 5, {}, []]) expect(readTime(value)).toBeNaN();
});
