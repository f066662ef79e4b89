import fc from 'fast-check';

const TRICKY = [
  '\u0000',
  '\u202e',
  '\u200b',
  '\u200d',
  '\ud83d',
  '\udc69',
  '\u0301',
  '\u3164',
  ' ',
  '\n',
  '@',
  '.',
  '<',
];

/** Any UTF-16 at all, lone surrogates included, with a taste for trouble. Cheaper than `unit: 'binary'`. */
export function anyText(maxLength: number): fc.Arbitrary<string> {
  const unit = fc.oneof(
    fc.constantFrom(...TRICKY),
    fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  );
  return fc.string({ unit, maxLength, size: 'medium' });
}
