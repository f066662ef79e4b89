/** The source of the leads that `/firstcall test-lead` sends. No webhook can be given this name. */
export const TEST_LEAD_SOURCE = 'test-lead';
