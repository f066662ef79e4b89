const SHAPE = /^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/;
const SUFFIX_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * A Salesforce id in its 18-character form, so that one record has one name; null when it is no such id.
 * The last three characters spell which of the first fifteen are capitals.
 */
export function salesforceId(raw: string): string | null {
  const id = raw.trim();
  if (!SHAPE.test(id)) return null;
  return id.length === 18 ? id : id + suffixOf(id);
}

function suffixOf(id: string): string {
  return [0, 5, 10]
    .map((start) => {
      const bits = [...id.slice(start, start + 5)].reduce(
        (sum, character, index) => sum + (/[A-Z]/.test(character) ? 1 << index : 0),
        0,
      );
      return SUFFIX_ALPHABET.charAt(bits);
    })
    .join('');
}
