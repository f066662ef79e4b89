import codes from 'i18n-iso-countries/codes.json' with { type: 'json' };
import de from 'i18n-iso-countries/langs/de.json' with { type: 'json' };
import en from 'i18n-iso-countries/langs/en.json' with { type: 'json' };
import es from 'i18n-iso-countries/langs/es.json' with { type: 'json' };
import fr from 'i18n-iso-countries/langs/fr.json' with { type: 'json' };
import it from 'i18n-iso-countries/langs/it.json' with { type: 'json' };
import nl from 'i18n-iso-countries/langs/nl.json' with { type: 'json' };
import pt from 'i18n-iso-countries/langs/pt.json' with { type: 'json' };
import { foldText } from './fold-text.ts';

// What people write that the ISO lists do not hold. England and Scotland are parts of GB.
const ALIASES: Readonly<Record<string, string>> = {
  uk: 'GB',
  'u k': 'GB',
  'great britain': 'GB',
  britain: 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  'the united states': 'US',
  'the united states of america': 'US',
  'u s a': 'US',
  'u s': 'US',
  america: 'US',
  'estados unidos': 'US',
  'etats unis': 'US',
  'republic of ireland': 'IE',
  holland: 'NL',
  'the netherlands': 'NL',
  'czech republic': 'CZ',
  uae: 'AE',
  'south korea': 'KR',
  korea: 'KR',
  russia: 'RU',
  vietnam: 'VN',
  taiwan: 'TW',
  'hong kong': 'HK',
  el: 'GR',
  brasil: 'BR',
  suisse: 'CH',
  svizzera: 'CH',
  osterreich: 'AT',
  espana: 'ES',
  sverige: 'SE',
  danmark: 'DK',
  norge: 'NO',
  suomi: 'FI',
  polska: 'PL',
};

const ALPHA2_BY_NAME = nameIndex();

/** ISO 3166-1 alpha-2 of a code ("de", "DEU") or a name in a common business language; null when unknown. */
export function normaliseCountry(raw: string): string | null {
  if (raw.length > 120) return null;
  return ALPHA2_BY_NAME.get(foldText(raw)) ?? null;
}

// English first: where two languages use one word for two countries, the English meaning stands.
function nameIndex(): ReadonlyMap<string, string> {
  const index = new Map<string, string>();
  const add = (name: string | undefined, alpha2: string) => {
    const key = foldText(name ?? '');
    if (key !== '' && !index.has(key)) index.set(key, alpha2);
  };
  for (const [alpha2, alpha3] of codes) {
    if (alpha2 === undefined) continue;
    add(alpha2, alpha2);
    add(alpha3, alpha2);
  }
  for (const [alias, alpha2] of Object.entries(ALIASES)) add(alias, alpha2);
  for (const language of [en, de, fr, es, it, nl, pt]) {
    for (const [alpha2, names] of Object.entries(language.countries)) {
      for (const name of [names].flat()) add(name, alpha2);
    }
  }
  return index;
}
