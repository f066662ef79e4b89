import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, sampleLead, type World } from '../support/world.ts';

describe('from webhook to board', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(async () => {
    await world.close();
  });

  it('shows a scored lead on the board of its team, once', async () => {
    const answer = await world.sendLead(sampleLead({ company: 'Sample Harbour' }));
    expect(answer.status).toBe(200);

    await world.settled();

    const posts = world.slack.journal.calls({ method: 'chat.postMessage' });
    expect(posts.length).toBeGreaterThan(0);
    expect(JSON.stringify(posts.map((post) => post.args))).toContain('Sample Harbour');
    expect(world.slack.journal.violations).toEqual([]);
  });
});
