import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadMailDomains } from '../../src/intake/load-mail-domains.ts';
import { cleanText } from '../../src/lead/clean-text.ts';
import { websiteDomain } from '../../src/lead/company-domain.ts';
import { detectTopics } from '../../src/lead/detect-topics.ts';
import { HELD_REASON_TEXT, HELD_REASONS } from '../../src/lead/held-reason.ts';
import { normaliseCountry } from '../../src/lead/normalise-country.ts';
import { normaliseEmail, parseEmailAddress } from '../../src/lead/normalise-email.ts';
import { normalisePhone } from '../../src/lead/normalise-phone.ts';
import { parseAnnualRevenue, parseEmployees } from '../../src/lead/parse-employees.ts';
import { parseTitle } from '../../src/lead/parse-title.ts';
import { salesforceId } from '../../src/lead/salesforce-id.ts';
import { anyText } from './any-text.ts';

describe('parseTitle', () => {
  it.each([
    ['VP, Sales Ops', 'vp', 'revops'],
    ['Vice President', 'vp', null],
    ['Head of Marketing', 'director', 'marketing'],
    ['CTO/Co-founder', 'c_level', 'executive'],
    ['Chief Happiness Officer', 'c_level', null],
    ['Geschäftsführer', 'c_level', 'executive'],
    ['Leiter IT', 'director', 'it'],
    ['Einkäufer', 'staff', 'procurement'],
    ['Werkstudentin', 'student', 'education'],
    ['Directora de Compras', 'director', 'procurement'],
    ['Jefe de Ventas', 'manager', 'sales'],
    ['Directeur général', 'c_level', 'executive'],
    ['Stagiaire', 'student', null],
    ['Responsable IT', 'manager', 'it'],
    ['V.P. Engineering', 'vp', 'engineering'],
    ['Sales and Marketing Manager', 'manager', 'sales'],
    ['Software Engineer', 'staff', 'engineering'],
    ['make it happen', null, null],
    ['wizard', null, null],
    ['', null, null],
  ])('%s', (title, seniority, jobFunction) => {
    expect(parseTitle(title)).toEqual({ seniority, jobFunction });
  });

  it('is not fooled by a grand word in a small role', () => {
    expect(parseTitle('Executive Assistant to the CEO').seniority).toBe('staff');
    expect(parseTitle('Product Owner').seniority).toBe(null);
    expect(parseTitle('Student Success Manager').seniority).toBe('manager');
    expect(parseTitle('Partner Manager').seniority).not.toBe('c_level');
  });
});

describe('parseEmployees', () => {
  it.each([
    ['1,200', 1200],
    ['1.200', 1200],
    ['1 200', 1200],
    ['200-500', 200],
    ['201 to 500', 201],
    ['11–50 employees', 11],
    ['10k', 10_000],
    ['1.5k', 1500],
    ['10,000+', 10_000],
    ['<50', 1],
    ['300 Mitarbeiter', 300],
    [42, 42],
  ])('%s is %d', (raw, value) => {
    expect(parseEmployees(raw)).toMatchObject({ ok: true, value });
  });

  it.each([
    '-5',
    '0',
    0,
    -1,
    'abc',
    '',
    '12.5',
    12.5,
    '1e9',
    '99999999999',
    Number.NaN,
    1e300,
    '1-2-3',
    '50-10',
  ])('%s is invalid', (raw) => {
    expect(parseEmployees(raw).ok).toBe(false);
  });

  it('says when only a lower bound is known', () => {
    expect(parseEmployees('200-500')).toMatchObject({ isLowerBound: true });
    expect(parseEmployees('200')).toMatchObject({ isLowerBound: false });
  });

  it('reads money', () => {
    expect(parseAnnualRevenue('$1.2M')).toMatchObject({ value: 1_200_000 });
    expect(parseAnnualRevenue('1.200.000,50')).toMatchObject({ value: 1_200_000.5 });
    expect(parseAnnualRevenue('-1').ok).toBe(false);
  });
});

describe('e-mail, phone, country, site', () => {
  const lists = { free: new Set(['free.example']), disposable: new Set(['gone.example']) };

  it.each([
    [' Ann@Acme.EXAMPLE ', 'ann@acme.example', 'acme.example', 'work'],
    ['<ann@mail.acme.co.uk>', 'ann@mail.acme.co.uk', 'acme.co.uk', 'work'],
    ['ann+x@free.example', 'ann+x@free.example', 'free.example', 'free'],
    ['x@gone.example', 'x@gone.example', 'gone.example', 'disposable'],
    ['a@münchen.example', 'a@xn--mnchen-3ya.example', 'xn--mnchen-3ya.example', 'work'],
  ])('%s', (raw, address, domain, kind) => {
    expect(normaliseEmail(raw, lists)).toEqual({ address, domain, kind });
  });

  it.each([
    'a@localhost',
    'a@1.2.3.4',
    'a@[::1]',
    'a b@c.example',
    'a@b@c.example',
    'a@b..example',
    '@b.example',
    'a@-b.example',
    'a@co.uk',
    `${'a'.repeat(65)}@b.example`,
  ])('%s is no address', (raw) => {
    expect(parseEmailAddress(raw)).toBe(null);
  });

  it('knows real free and throw-away domains', () => {
    const real = loadMailDomains();
    expect(normaliseEmail('a@gmail.com', real)?.kind).toBe('free');
    expect(normaliseEmail('a@mailinator.com', real)?.kind).toBe('disposable');
    expect(normaliseEmail('a@acme.example', real)?.kind).toBe('work');
  });

  it('reads phone numbers in the country of the lead', () => {
    expect(normalisePhone('030 12345678', 'DE')).toMatchObject({ phone: '+493012345678' });
    expect(normalisePhone('+1 202 555 0123 ext 5', null)).toMatchObject({ hasExtension: true });
    expect(normalisePhone('030 12345678', null)).toMatchObject({ ok: false });
    expect(normalisePhone('call me', 'DE')).toMatchObject({ ok: false });
  });

  it.each([
    ['UK', 'GB'],
    ['USA', 'US'],
    ['U.S.A.', 'US'],
    ['Deutschland', 'DE'],
    ['deu', 'DE'],
    ['España', 'ES'],
    ['Österreich', 'AT'],
    ['California', null],
    ['__proto__', null],
  ])('country %s is %s', (raw, country) => {
    expect(normaliseCountry(raw)).toBe(country);
  });

  it('tells a company site from a profile page', () => {
    expect(websiteDomain('www.Acme.co.uk/x?y')).toEqual({ ok: true, domain: 'acme.co.uk' });
    for (const raw of [
      'https://www.linkedin.com/in/x',
      'http://127.0.0.1/',
      'foo bar',
      'javascript:alert(1)',
    ]) {
      expect(websiteDomain(raw).ok).toBe(false);
    }
  });

  it('writes a Salesforce id in one way', () => {
    expect(salesforceId('001A0000006Vm9r')).toBe('001A0000006Vm9rIAC');
    expect(salesforceId("x' or 1=1 --")).toBe(null);
  });
});

describe('detectTopics', () => {
  it('finds topics in several languages', () => {
    expect(detectTopics('A demo, pricing and SOC-2 please. Switching from Other; API?')).toEqual([
      'demo',
      'pricing',
      'integration',
      'security',
      'migration',
    ]);
    expect(detectTopics('Bitte ein Angebot und eine Vorführung')).toEqual(['demo', 'pricing']);
    expect(detectTopics('Sample SEO services: increase your traffic')).toEqual(['vendor_pitch']);
    expect(detectTopics('for my thesis')).toEqual(['coursework']);
  });

  it('does not mistake everyday words', () => {
    expect(
      detectTopics('We need lead assignment, our process is broken and we are hiring reps'),
    ).toEqual([]);
  });
});

describe('cleanText', () => {
  it.each([
    ['a\u0000b', 'ab'],
    ['\u202eevil\u2066x\u2069\u200b', 'evilx'],
    ['  a \t b\n c ', 'a b c'],
    ['\u3164\u200b', null],
    ['e\u0301', 'é'],
    ['می\u200cخواهم', 'می\u200cخواهم'],
    ['a\u200db', 'ab'],
    ['👩\u200d💻', '👩\u200d💻'],
  ])('%j', (raw, text) => {
    expect(cleanText(raw, { maxLength: 80 }).text).toBe(text);
  });

  it('keeps paragraphs of a message and never splits a character', () => {
    expect(cleanText('a\r\n\r\n\r\n b \n', { maxLength: 80, multiline: true }).text).toBe('a\n\nb');
    expect(cleanText('👍'.repeat(10), { maxLength: 3 }).text).toBe('👍👍👍');
  });

  it('is idempotent and bounded on anything', () => {
    fc.assert(
      fc.property(anyText(500), fc.boolean(), (raw, multiline) => {
        const once = cleanText(raw, { maxLength: 50, multiline }).text;
        expect(cleanText(once ?? '', { maxLength: 50, multiline }).text).toBe(once);
        expect([...(once ?? '')].length).toBeLessThanOrEqual(50);
      }),
      { numRuns: 500 },
    );
  });
});

it('every held reason has its sentence', () => {
  expect(Object.keys(HELD_REASON_TEXT).sort()).toEqual([...HELD_REASONS].sort());
  for (const text of Object.values(HELD_REASON_TEXT)) expect(text).toMatch(/^[A-Z].*: .*\.$/);
});
