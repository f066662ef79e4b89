import { z } from 'zod';

/** Ids only: a queue is readable by anyone who reaches the store, and may be lost. */
export const JOB_PAYLOADS = {
  'process-inbound': z.strictObject({ eventId: z.uuid() }),
  'score-lead': z.strictObject({ leadId: z.uuid() }),
} as const;

export type JobName = keyof typeof JOB_PAYLOADS;
export const JOB_NAMES = Object.keys(JOB_PAYLOADS) as JobName[];
export type JobPayload<N extends JobName> = z.infer<(typeof JOB_PAYLOADS)[N]>;

export interface LeadJob {
  name: JobName;
  /** The event's or the lead's id. */
  subjectId: string;
}

export function payloadOf(job: LeadJob): JobPayload<JobName> {
  return job.name === 'process-inbound'
    ? JOB_PAYLOADS['process-inbound'].parse({ eventId: job.subjectId })
    : JOB_PAYLOADS['score-lead'].parse({ leadId: job.subjectId });
}

/** The same work has the same id, so asking twice queues once. No colon: BullMQ refuses it. */
export function jobIdOf(job: LeadJob): string {
  return `${job.name}-${job.subjectId}`;
}
