import { z } from 'zod';

/** The id of a person as Slack gives it: "U0SAMPLE1", "W0SAMPLE1" in an Enterprise Grid. */
export const SlackUserId = z.string().regex(/^[UW][A-Z0-9]{1,30}$/);

export function isSlackUserId(text: string): boolean {
  return SlackUserId.safeParse(text).success;
}
