import { describe } from 'vitest';
import { inboxContract } from '../contracts/inbox-contract.ts';
import { createMemoryInbox } from './memory-inbox.ts';

describe('the inbox in memory', () => {
  inboxContract(async () => {
    const inbox = createMemoryInbox();
    return { inbox, stored: async () => inbox.events };
  });
});
