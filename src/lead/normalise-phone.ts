import {
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min';

export type NormalisedPhone =
  | { ok: true; phone: string; hasExtension: boolean }
  | { ok: false; detail: string };

/** @param country ISO 3166-1 alpha-2: gives a number without "+" its country code. */
export function normalisePhone(raw: string, country: string | null): NormalisedPhone {
  const region = asRegion(country);
  const text = raw.replace(/^tel:/i, '').trim();
  const parsed =
    region === undefined
      ? parsePhoneNumberFromString(text)
      : parsePhoneNumberFromString(text, region);
  if (parsed === undefined) {
    const isNational = region === undefined && /^[\s(]*\d/.test(text);
    return {
      ok: false,
      detail: isNational ? 'has no country code and the country is not known' : 'is not a number',
    };
  }
  if (!parsed.isPossible()) return { ok: false, detail: 'has too few or too many digits' };
  return { ok: true, phone: parsed.number, hasExtension: parsed.ext !== undefined };
}

function asRegion(country: string | null): CountryCode | undefined {
  return country !== null && isSupportedCountry(country) ? country : undefined;
}
