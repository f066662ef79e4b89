import { describe, expect, it } from 'vitest';
import { told, when } from '../support/told-problems.ts';

// The condition stands in quotes at line 4, column 12 of fit.yml: "column what is told".

const NAMES: [string, string][] = [
  [
    'company.employes > 5',
    '20 Unknown field "company.employes" | Did you mean "company.employees"?',
  ],
  ['lead.senority == "vp"', '17 Unknown field "lead.senority" | Did you mean "lead.seniority"?'],
  ['emplyees > 5', '12 Unknown name "emplyees" | Did you mean "company.employees"?'],
  [
    'lead.title == "VP"',
    '17 Unknown field "lead.title" | Did you mean "lead.seniority" or "lead.function"?',
  ],
  [
    'lead.jobTitle == "VP"',
    '17 Unknown field "lead.jobTitle" | Did you mean "lead.seniority" or "lead.function"?',
  ],
  [
    'lead.email == "a@b.example"',
    '17 Unknown field "lead.email" | Did you mean "lead.email_kind" or "lead.email_domain"?',
  ],
  ['company.size > 5', '20 Unknown field "company.size" | Did you mean "company.employees"?'],
  [
    'company.revenue > 5.0',
    '20 Unknown field "company.revenue" | Did you mean "company.annual_revenue"?',
  ],
  [
    'lead.company == "Acme"',
    '17 Unknown field "lead.company" | Known: company.domain, company.employees, company.industry, company.annual_revenue.',
  ],
  ['source.campain == "x"', '19 Unknown field "source.campain" | Did you mean "source.campaign"?'],
  [
    'company.domain in competitors',
    '30 Unknown name "competitors" | Did you mean "lists.competitors"?',
  ],
  [
    'company.domain in lists.competitor',
    '36 Unknown list "competitor" | Did you mean "competitors"?',
  ],
  [
    'lead.country in lists.target_countris',
    '34 Unknown list "target_countris" | Did you mean "target_countries"?',
  ],
  ['len(lead.topics) > 2', '12 Unknown function "len" | Did you mean "size"?'],
  ['dais(3) > days(1)', '12 Unknown function "dais" | Did you mean "days"?'],
  [
    'lead.country.toLowerCase() == "de"',
    '12 Unknown method "toLowerCase" | Did you mean "lowerAscii"?',
  ],
  ['company.industry.contain("Soft")', '12 Unknown method "contain" | Did you mean "contains"?'],
  [
    'signals.cuont("pricing_viewed") > 1',
    '12 Unknown method "signals.cuont" | Did you mean "count"?',
  ],
  [
    'signals.pricing_viewed > 3',
    '20 "signals.pricing_viewed" is not a value | Write signals.count("pricing_viewed"), signals.has("pricing_viewed") or signals.last("pricing_viewed").',
  ],
  [
    'signals.count(pricing_viewed) > 3',
    '26 The kind of signal must be a text in quotes | Write signals.count("pricing_viewed").',
  ],
  [
    'signals.count("pricing_viewed", 30) > 3',
    '44 The time span must be a whole number of days, hours or minutes | Write days(30).',
  ],
  [
    'signals.has("pricing_veiwed")',
    '25 No source is declared to send "pricing_veiwed": this is always unknown | Did you mean "pricing_viewed"?',
  ],
  [
    '"pricng" in lead.topics',
    '13 No lead has the message topics "pricng" | Did you mean "pricing"?',
  ],
  [
    'lead.seniority == "vicepresident"',
    '31 No lead has the seniority "vicepresident" | Known: c_level, vp, director, manager, staff, student.',
  ],
];

const LANGUAGE: [string, string][] = [
  ['company.employees / 0 > 1', '32 Nothing can be divided by zero'],
  ['company.annual_revenue / 0.0 > 1.0', '37 Nothing can be divided by zero'],
  [
    'company.employees > "5"',
    '12 ">" does not fit here: the left side is a whole number (int), the right side is text | Write it without quotes.',
  ],
  [
    'company.annual_revenue == 5',
    '12 "==" does not fit here: the left side is a decimal number (double), the right side is a whole number (int) | Write 5.0 instead of 5.',
  ],
  [
    'lead.country == 5',
    '12 "==" does not fit here: the left side is text, the right side is a whole number (int) | Write the value in quotes.',
  ],
  [
    'lead.has_phone == 1',
    '12 "==" does not fit here: the left side is true or false, the right side is a whole number (int) | Write true or false.',
  ],
  ['lead.country == DE', '28 Unknown name "DE" | A text stands in quotes: "DE".'],
  ['lead.country == "DE', '28 The quote that opens here is not closed'],
  ['lead.country == “DE”', '28 "“" does not fit here | Write straight quotes: ".'],
  ['lead.country = "DE"', '25 "=" does not fit here | Write == to compare.'],
  ['company.employees => 5', '30 "=" does not fit here | Write >= for at least.'],
  ['lead.country <> "DE"', '26 ">" does not fit here | Write != for not equal.'],
  [
    'lead.country == "DE" and lead.has_phone',
    '33 "and" is not a word of conditions | Write && for and.',
  ],
  [
    'not lead.has_phone',
    '12 "not" is not a word of conditions | Write ! for not: !lead.has_phone, !(lead.country in ["DE"]).',
  ],
  [
    'lead.country in ("DE", "AT")',
    '33 "," does not fit here | A list stands in square brackets: ["DE", "FR"].',
  ],
  [
    'lead.country in "DE"',
    '12 "in" does not fit here: the left side is text, the right side is text | What stands after "in" is a list: lead.country in ["DE", "FR"].',
  ],
  [
    'lead.topics == "demo"',
    '12 "==" does not fit here: the left side is a list of texts, the right side is text | Write "text" in lead.topics.',
  ],
  [
    'lead.topics.contains("demo")',
    '12 contains() cannot be used like this: a list is no text | Write "demo" in lead.topics.',
  ],
  ['lead.topics.length > 2', '12 There is no field "length" here | Write size(lead.topics).'],
  [
    'lead.seniority == "vp" || "director"',
    '12 Each side of && and || must be true or false, this is text | Write each comparison out: lead.seniority == "vp" || lead.seniority == "director".',
  ],
  [
    'lead.seniority == ["vp", "director"]',
    '12 "==" does not fit here: the left side is text, the right side is a list of texts | Write in: lead.seniority in ["vp", "director"].',
  ],
  [
    '5 < company.employees < 9',
    '12 "<" does not fit here: the left side is true or false, the right side is a whole number (int) | Write both sides out: company.employees >= 20 && company.employees < 200.',
  ],
  [
    'company.employees > 5 && < 9',
    '37 "<" does not fit here | Write both sides out: company.employees >= 20 && company.employees < 200.',
  ],
  [
    'company.employees > 1,000',
    '33 "," does not fit here | Write numbers with digits alone: 1000.',
  ],
  ['company.employees >', '31 The expression ends too early'],
  ['(company.employees > 5', '34 The expression ends too early | A ( is not closed.'],
  ['company.employees > 5)', '33 ")" does not fit here | There is a ) too many.'],
  [
    '!company.employees',
    '12 "!" stands before true or false, this is a whole number (int) | Write !has(company.employees) for "is not known".',
  ],
  ['lead.has_phone == True', '30 Unknown name "True" | Write true.'],
  ['lead.country == null', '28 null is not available in rules | Use has(lead.country).'],
  [
    'now - signals.last("pricing_viewed") < 5',
    '12 "<" does not fit here: the left side is a time span, the right side is a whole number (int) | Compare a time span with days(3): now - signals.last("pricing_viewed") < days(3).',
  ],
  [
    'now > "2026-01-01"',
    '12 ">" does not fit here: the left side is a time, the right side is text | Write timestamp("2026-01-31T00:00:00Z").',
  ],
  [
    'now > timestamp("2026-02-30T00:00:00Z")',
    '18 There is no day 2026-02-30 | Write timestamp("2026-01-31T00:00:00Z").',
  ],
  ['days("3") > days(1)', '12 days() cannot be used like this | Write days(3).'],
  [
    'tier == "A"',
    '12 Unknown name "tier" | Only routing.yml can ask for it: here it is not known yet.',
  ],
  [
    'lead.country.matches("(?=a)b")',
    '33 The pattern looks ahead or behind, which matches() cannot do | Join two conditions: lead.email_domain.endsWith(".edu") && !lead.email_domain.contains("mail").',
  ],
  [
    'lead.country.matches("(a)\\\\1")',
    '33 The pattern refers back to a group, which matches() cannot do | It reads a text once, from left to right, whatever the pattern.',
  ],
  ['lead.country.matches("[a")', '33 A [ in the pattern is not closed'],
  [
    'lead.country.matches("((a{100}){100}){100}")',
    '33 The pattern repeats something more than 1000 times',
  ],
  [
    'lead.topics.exists(t, lead.topics.exists(u, u == t))',
    '34 A loop inside a loop is not available in rules',
  ],
  [
    'lead.constructor == "x"',
    '17 Unknown field "lead.constructor" | Known: lead.email_kind, lead.email_domain, lead.seniority, lead.function, lead.country, lead.topics, lead.has_phone, lead.opted_out.',
  ],
  ['{"a": 1} == {"a": 1}', '12 Braces { } are not available in conditions'],
];

function toldOf(condition: string): string[] {
  return told(when(`'${condition.replaceAll("'", "''")}'`));
}

describe('a condition', () => {
  it.each(NAMES)('%s: names what was meant', (condition, sentence) => {
    expect(toldOf(condition)).toEqual([`fit.yml:4:${sentence}`]);
  });

  it.each(LANGUAGE)('%s: says what to write', (condition, sentence) => {
    expect(toldOf(condition)).toEqual([`fit.yml:4:${sentence}`]);
  });
});
