import { createReadStream } from 'node:fs';
import { stdout } from 'node:process';
import { parse } from 'csv-parse';

/*
 * How the points of this pack came to be: node examples/bank-marketing/fit-points.ts bank.csv
 *
 * Weight of evidence, the oldest way to make a scorecard: for each bucket of a field, the logarithm of how much
 * more often it occurs among leads that converted than among those that did not, on the first 70 % of the
 * rows in time order. One unit of it is POINTS_PER_UNIT points. Missing values get no points, so they have no rule.
 * It prints the points of each bucket; people choose which buckets are worth a rule.
 */

const TRAINING_SHARE = 0.7;
const POINTS_PER_UNIT = 20;
/** Fewer rows than this say more about chance. */
const SMALLEST_BUCKET = 40;

type Cells = Record<string, string>;

const BUCKETS: Record<string, (row: Cells) => string | undefined> = {
  age: ({ age }) => {
    const years = Number(age);
    if (years < 30) return 'under 30';
    return years < 60 ? '30 to 59' : '60 and over';
  },
  job: ({ job }) => job,
  education: ({ education }) => education,
  credit_in_default: (row) => row.default,
  contact_by: ({ contact }) => contact,
  last_campaign: ({ poutcome }) => poutcome,
  earlier_contacts: ({ previous }) => (Number(previous) < 2 ? previous : '2 or more'),
  calls_before: ({ campaign }) => {
    const calls = Number(campaign) - 1;
    if (calls < 2) return String(calls);
    return calls < 5 ? '2 to 4' : '5 or more';
  },
};

const [file = ''] = process.argv.slice(2);
const rows: Cells[] = [];
for await (const row of createReadStream(file).pipe(parse({ columns: true }))) rows.push(row);
const training = rows.slice(0, Math.floor(rows.length * TRAINING_SHARE));
const converted = training.filter((row) => row.y === 'yes').length;

stdout.write(`${training.length} of ${rows.length} rows, ${converted} converted\n`);
for (const [field, bucketOf] of Object.entries(BUCKETS)) {
  const counts = new Map<string, { yes: number; no: number }>();
  for (const row of training) {
    const bucket = bucketOf(row);
    if (bucket === undefined || bucket === 'unknown') continue;
    const count = counts.get(bucket) ?? { yes: 0, no: 0 };
    counts.set(bucket, count);
    if (row.y === 'yes') count.yes += 1;
    else count.no += 1;
  }
  stdout.write(`\n${field}\n`);
  for (const [bucket, { yes, no }] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    // Half a case more on each side keeps an empty bucket from being infinitely good or bad.
    const among = (yes + 0.5) / (converted + 1);
    const besides = (no + 0.5) / (training.length - converted + 1);
    const points = Math.round(POINTS_PER_UNIT * Math.log(among / besides));
    const note = yes + no < SMALLEST_BUCKET ? '  (too few rows for a rule)' : '';
    stdout.write(`  ${bucket.padEnd(24)} ${String(points).padStart(4)}  n=${yes + no}${note}\n`);
  }
}
