import { type Lead, TOPICS, type Topic } from './lead.ts';

/** Topics of earlier messages count for so long after they were last named. */
const TOPIC_LIFE_MS = 30 * 86_400_000;

type Message = Pick<Lead, 'message' | 'topics' | 'topicsNamedAt'>;

/**
 * Topics of the newest message, and those that earlier ones named in the 30 days before it: who asked for a
 * demo and then for news still wants the demo. Decided when a message comes, by its own time, so that what
 * is stored, and every score made from it, stays the same afterwards.
 *
 * @param incoming has a message
 * @param receivedAt when it came
 */
export function mergeTopics(
  existing: Message & Pick<Lead, 'createdAt'>,
  incoming: Message,
  receivedAt: Date,
): Required<Pick<Lead, 'topics' | 'topicsNamedAt'>> {
  const known = namedAt(existing);
  // A CRM sends the whole record with each change: the same words are not asked once more.
  const isRepeated = incoming.message === existing.message;
  const topicsNamedAt: Partial<Record<Topic, string>> = {};
  for (const topic of TOPICS) {
    const before = known[topic];
    if (incoming.topics?.includes(topic)) {
      topicsNamedAt[topic] = (isRepeated ? before : undefined) ?? receivedAt.toISOString();
    } else if (before !== undefined && isRecent(before, receivedAt)) topicsNamedAt[topic] = before;
  }
  return { topics: TOPICS.filter((topic) => topic in topicsNamedAt), topicsNamedAt };
}

/** Before any merge a message is as old as its record. */
function namedAt({
  topics,
  topicsNamedAt,
  createdAt,
}: Message & Pick<Lead, 'createdAt'>): Partial<Record<Topic, string>> {
  const first = createdAt.toISOString();
  const entries = (topics ?? []).map((topic) => [topic, topicsNamedAt?.[topic] ?? first]);
  return Object.fromEntries(entries);
}

function isRecent(namedAt: string, receivedAt: Date): boolean {
  return receivedAt.getTime() - Date.parse(namedAt) <= TOPIC_LIFE_MS;
}
