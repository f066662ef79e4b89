import { z } from 'zod';
import { IncomingLead } from '../../lead/lead.ts';

const Column = z.string().min(1).max(200);
const TimeFormat = z.string().min(1).max(60).optional();
const Markers = z.array(z.string().max(200)).max(200);

/** Where a field comes from: a column, or an expression over the row. */
export const FieldSource = z.union([
  Column,
  z.strictObject({
    column: Column,
    missing: Markers.optional().describe('Texts that mean "not known" in this column.'),
  }),
  z.strictObject({
    cel: z.string().min(1).max(2000).describe('Such as: int(row.calls) - 1'),
  }),
]);
export type FieldSource = z.infer<typeof FieldSource>;

/** mapping.yml: how the columns of a file become a lead, its time and what came of it. */
export const MappingFile = z.strictObject({
  csv: z
    .strictObject({
      delimiter: z.string().min(1).max(5).optional(),
      quote: z.string().length(1).optional(),
    })
    .optional(),
  missing: Markers.optional().describe('Texts that mean "not known" in every column.'),
  outcome: z
    .strictObject({
      column: Column.optional(),
      converted: z.array(z.string().max(200)).min(1).max(100).optional(),
      not_converted: z.array(z.string().max(200)).min(1).max(100).optional(),
    })
    .optional(),
  time: z
    .strictObject({
      column: Column.optional(),
      format: TimeFormat.describe('Such as yyyy-MM; absent: ISO 8601.'),
      period: z.enum(['month', 'quarter', 'year']).optional(),
    })
    .optional(),
  fields: z
    .record(z.string().min(1).max(100), FieldSource)
    .describe('Fields of a lead (title, employees, ...) or of your own (custom.<name>).'),
  signals: z
    .array(
      z.strictObject({
        kind: z.string().min(1).max(60),
        at: Column,
        format: TimeFormat.describe('Such as dd/MM/yyyy; absent: ISO 8601.'),
      }),
    )
    .max(200)
    .optional()
    .describe('Columns that hold when something happened.'),
});
export type MappingFile = z.infer<typeof MappingFile>;

/** Texts that say "converted" unless the mapping names others. */
export const CONVERTED = ['yes', 'y', 'true', '1', 'won', 'converted'];

export const LEAD_FIELDS = Object.keys(IncomingLead.shape).filter(
  (field) => !['custom', 'externalId', 'createdAt'].includes(field),
);
