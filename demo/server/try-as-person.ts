import type { Interaction, Person } from '../slack/person.ts';
import type { PageReply } from './page-state.ts';

const STRANGER = 'Nobody with this id is in the sample workspace. Please reload the page.';

/** Lets a person act on the app, and says in words what came of it. */
export async function tryAsPerson(
  person: Person | undefined,
  deed: (person: Person) => Promise<unknown>,
): Promise<PageReply> {
  if (person === undefined) return { ok: false, problem: STRANGER };
  try {
    const result = await deed(person);
    return isInteraction(result) ? replyTo(result) : { ok: true, notice: null };
  } catch (error) {
    return { ok: false, problem: impossible(error) };
  }
}

function replyTo({ status, timedOut, errors }: Interaction): PageReply {
  if (timedOut) {
    return {
      ok: false,
      problem: 'First Call did not answer within 3 seconds, as Slack demands. Please try again.',
    };
  }
  if (status === 0) {
    return {
      ok: false,
      problem: 'First Call is not running, so nothing was done. Is it stopped or starting again?',
    };
  }
  if (status !== 200) {
    return {
      ok: false,
      problem: `First Call refused the click (HTTP ${status}). Nothing was done.`,
    };
  }
  const [first] = errors;
  if (first !== undefined) {
    return {
      ok: false,
      problem: `Slack would not show First Call's answer: ${first.pointer} ${first.message}`,
    };
  }
  return { ok: true, notice: null };
}

/** What the person's Slack client would not have let them do. */
function impossible(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/sees (0|no) /.test(text)) return 'This has just changed. Please look again and click again.';
  if (/has no view/.test(text)) return 'This is closed already. Please open it again.';
  const missing = /cannot submit: (.*)/.exec(text)?.[1];
  if (missing !== undefined)
    return `Please look at the form again: ${missing.replaceAll('_', ' ')}.`;
  if (/has no command/.test(text)) return 'Only /firstcall is known here. Try /firstcall help.';
  return `That did not work: ${text}.`;
}

function isInteraction(result: unknown): result is Interaction {
  return typeof result === 'object' && result !== null && 'status' in result;
}
