import { z } from 'zod';
import { Axis, Tier } from './assessment.ts';

/** File name (model.yml, fit.yml, intent.yml, disqualify.yml, routing.yml, *.test.yml) to YAML text. */
export type RuleFiles = Record<string, string>;

const Id = z
  .string()
  .regex(
    /^[a-z0-9]+([.-][a-z0-9]+)*$/,
    'use lower-case words joined by dots and dashes, such as "fit.company-size.enterprise"',
  )
  .max(100)
  .describe('Unique name: lower-case words joined by dots and dashes.');
const Code = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'use lower-case letters, digits and underscores')
  .max(60);
const Points = z.int().min(-100).max(100).describe('Whole points, negative to take away.');
const When = z
  .string()
  .min(1)
  .max(2000)
  .describe('A condition in CEL, such as: company.employees >= 200 && lead.email_kind == "work"');
const Why = z
  .string()
  .min(1)
  .max(300)
  .describe('The sentence that people read; {company.employees} fills in a value.');
const HalfLife = z
  .string()
  .regex(/^[1-9][0-9]{0,3}(d|h)$/, 'write days or hours, such as 14d or 36h')
  .describe('After this time half of the points are left: 14d, 36h.');
const Day = z.iso.date();
const Housekeeping = {
  enabled: z.boolean().optional().describe('false switches it off; it stays in the file.'),
  note: z.string().max(2000).optional().describe('For the people who keep the rules.'),
  owner: z.string().max(200).optional().describe('Who answers for it.'),
  expires: Day.optional().describe('From this day on (UTC) it no longer counts.'),
};

export const RuleSource = z.strictObject({
  id: Id,
  axis: Axis.describe('fit: who they are. intent: what they did.'),
  group: Id.optional().describe('A group declared above in this file.'),
  when: When,
  points: Points,
  decay: z
    .strictObject({
      since: z.string().min(1).max(500).describe('A time in CEL: signals.last("pricing_viewed")'),
      half_life: HalfLife,
    })
    .optional(),
  why: Why.optional(),
  ...Housekeeping,
});
export type RuleSource = z.infer<typeof RuleSource>;

export const GroupSource = z.strictObject({
  id: Id,
  label: z.string().min(1).max(75).optional().describe('What people read; default: the id.'),
  pick: z
    .enum(['first', 'max', 'sum'])
    .describe('first: the first that fires counts. max: the largest. sum: all, up to the cap.'),
  cap: z.int().min(0).max(100).optional().describe('For sum: at most this many points.'),
  note: z.string().max(2000).optional(),
});
export type GroupSource = z.infer<typeof GroupSource>;

export const AxisFile = z.strictObject({
  groups: z.array(GroupSource).max(200).optional(),
  rules: z.array(RuleSource).max(2000),
});
export type AxisFile = z.infer<typeof AxisFile>;

export const StopSource = z.strictObject({
  id: Id,
  code: Code.describe('One of disqualify_reasons in model.yml.'),
  when: When,
  why: Why.optional(),
  ...Housekeeping,
});
export type StopSource = z.infer<typeof StopSource>;

export const TierBoundSource = z.strictObject({
  id: Id,
  when: When,
  tier: Tier,
  why: Why.optional(),
  ...Housekeeping,
});
export type TierBoundSource = z.infer<typeof TierBoundSource>;

export const DisqualifyFile = z.strictObject({
  stops: z.array(StopSource).max(500).optional().describe('Hard stops: the lead is not called.'),
  floors: z.array(TierBoundSource).max(500).optional().describe('At least this tier.'),
  ceilings: z.array(TierBoundSource).max(500).optional().describe('At most this tier.'),
});
export type DisqualifyFile = z.infer<typeof DisqualifyFile>;

const TierSource = z.strictObject({
  points: z.int().min(0).max(100).describe('From this many points on.'),
  fit: z.int().min(0).max(100).optional().describe('And at least this many fit points.'),
  intent: z.int().min(0).max(100).optional().describe('And at least this many intent points.'),
  sla_minutes: z.int().min(1).max(100_000).describe('Business minutes until the first touch.'),
});
const CustomFieldSource = z
  .strictObject({
    type: z.enum(['string', 'int', 'double', 'bool']),
    label: z.string().min(1).max(75).optional().describe('What people call it.'),
    values: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(500)
      .optional()
      .describe('All the texts it can be; any other counts as missing.'),
  })
  .refine(({ type, values }) => values === undefined || type === 'string', {
    message: 'only a string can have a list of values',
    path: ['values'],
  });
const CodeAndLabel = z.strictObject({ code: Code, label: z.string().min(1).max(75) });

export const ModelFile = z.strictObject({
  caps: z.strictObject({
    fit: z.int().min(0).max(100),
    intent: z.int().min(0).max(100),
  }),
  tiers: z.strictObject({ A: TierSource, B: TierSource, C: TierSource, D: TierSource }),
  mql: z
    .strictObject({ points: z.int().min(0).max(100) })
    .describe('From here on marketing calls the lead qualified.'),
  override_reasons: z.array(CodeAndLabel).min(1).max(50),
  disqualify_reasons: z.array(CodeAndLabel).min(1).max(50),
  signals: z
    .record(z.string().min(1).max(100), z.array(Code).max(200))
    .describe('Which source sends which kinds of signal.'),
  lists: z.record(Code, z.array(z.string().max(200)).max(10_000)).optional(),
  fields: z
    .record(Code, CustomFieldSource)
    .optional()
    .describe('Fields of your own, sent as "custom"; rules read them as custom.<name>.'),
});
export type ModelFile = z.infer<typeof ModelFile>;

const Clock = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'write hours as "09:00"');
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const Left = z
  .string()
  .regex(/^(100|[1-9]?[0-9])%$|^[0-9]{1,5}m$/, 'write a share or minutes, such as 50% or 15m');
const EscalationLeft = z
  .union([z.literal('never'), Left, z.array(Left).min(1).max(2)])
  .describe('When this much of the time to the deadline is left: 50%, 15m; of two, the shorter.');
export type EscalationLeft = z.infer<typeof EscalationLeft>;

const EscalationSource = z.strictObject({
  tiers: z.array(Tier).max(4).optional().describe('Default: A and B. None: [].'),
  rep: EscalationLeft.optional().describe('The rep gets a direct message. Default: 50%.'),
  team: EscalationLeft.optional().describe('One line in the channel. Default: [15m, 20%].'),
  manager: EscalationLeft.optional().describe('The manager is told. Default: 0m, overdue.'),
});
export const TeamSource = z.strictObject({
  id: Id,
  label: z.string().min(1).max(75).optional(),
  channel: z.string().min(1).max(80).describe('Slack channel name, without #.'),
  manager: z.email().optional(),
  reps: z
    .array(z.strictObject({ email: z.email(), capacity: z.int().min(1).max(1000).optional() }))
    .max(200),
  assignment: z
    .enum(['round_robin', 'least_open', 'crm_owner'])
    .describe('crm_owner: the present owner, else round robin.'),
  capacity: z.int().min(1).max(1000).optional().describe('Open leads that one rep can hold.'),
  hours: z.strictObject({
    time_zone: z.string().min(1).max(60),
    days: z.array(z.enum(WEEKDAYS)).min(1).max(7),
    from: Clock,
    to: Clock.describe('At or before from: on the next day, for night shifts.'),
  }),
  holidays: z.array(Day).max(400).optional(),
  escalation: EscalationSource.optional().describe(
    'Who hears of a lead that nobody takes, and when. In business hours.',
  ),
});
export type TeamSource = z.infer<typeof TeamSource>;

export const RouteSource = z.strictObject({
  id: Id,
  when: When.optional().describe('Absent on the last route only: everyone else.'),
  team: Id,
  why: Why.optional(),
  enabled: z.boolean().optional(),
  note: z.string().max(2000).optional(),
});
export type RouteSource = z.infer<typeof RouteSource>;

export const RoutingFile = z.strictObject({
  teams: z.array(TeamSource).min(1).max(100),
  routes: z.array(RouteSource).min(1).max(500),
});
export type RoutingFile = z.infer<typeof RoutingFile>;

const GivenValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]);
const GivenFields = z.record(z.string(), GivenValue);

export const TestFile = z.strictObject({
  tests: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(200),
        now: z.iso.datetime({ offset: true }).optional().describe('Default: 2026-06-03T10:00:00Z'),
        given: z.strictObject({
          lead: GivenFields.optional(),
          company: GivenFields.optional(),
          source: GivenFields.optional(),
          custom: GivenFields.optional(),
          signals: z
            .array(
              z.strictObject({
                kind: Code,
                days_ago: z.number().min(0).max(36_500),
                times: z.int().min(1).max(1000).optional(),
              }),
            )
            .max(1000)
            .optional(),
          undeclared_signals: z
            .array(Code)
            .optional()
            .describe('Kinds to treat as if no source sent them.'),
        }),
        expect: z.strictObject({
          fired: z.array(Id).optional(),
          not_fired: z.array(Id).optional(),
          unknown: z.array(Id).optional(),
          tier: Tier.optional(),
          points: z.int().optional().describe('Only where the total is the point of the test.'),
          disqualified: z.union([Code, z.literal(false)]).optional(),
          possible_stops: z.array(Code).optional(),
          route: Id.optional().describe('The route that matches first.'),
        }),
      }),
    )
    .max(2000),
});
export type TestFile = z.infer<typeof TestFile>;
export type RuleTest = TestFile['tests'][number];

export const RULE_FILE_SCHEMAS = {
  'model.yml': ModelFile,
  'fit.yml': AxisFile,
  'intent.yml': AxisFile,
  'disqualify.yml': DisqualifyFile,
  'routing.yml': RoutingFile,
} as const;
export type RuleFileName = keyof typeof RULE_FILE_SCHEMAS;
export const RULE_FILE_NAMES = Object.keys(RULE_FILE_SCHEMAS) as RuleFileName[];

export function isTestFile(name: string): boolean {
  return name.endsWith('.test.yml');
}
