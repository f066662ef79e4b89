export type CrmStage = 'new' | 'contacted' | 'closed';

/**
 * What a CRM lead status means to us. Salesforce ships "Open - Not Contacted", "Working - Contacted",
 * "Closed - Converted" and "Closed - Not Converted"; an unknown status says nothing.
 */
export function crmStage(status: string | null): CrmStage | null {
  if (status === null) return null;
  const text = status.toLowerCase();
  if (text.startsWith('closed') || text === 'converted' || text === 'unqualified') return 'closed';
  if (text.startsWith('working') || text === 'contacted' || text === 'nurturing')
    return 'contacted';
  if (text.startsWith('open') || text === 'new') return 'new';
  return null;
}
