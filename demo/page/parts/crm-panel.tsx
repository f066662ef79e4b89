import { useEffect, useRef, useState } from 'react';
import type { PageCrmLead } from '../../server/page-state.ts';
import { Icon } from './icon.tsx';

interface Props {
  leads: PageCrmLead[];
  onClose: () => void;
}

/** What the sample Salesforce holds, newest change first, so that write-back can be seen. */
export function CrmPanel({ leads, onClose }: Props) {
  const [onlyDecided, setOnlyDecided] = useState(false);
  const decided = leads.filter(({ decision }) => decision !== null);
  const shown = [...(onlyDecided ? decided : leads)].sort((one, other) =>
    other.changedAt.localeCompare(one.changedAt),
  );
  return (
    <aside className="crm" aria-label="CRM (sample Salesforce)" data-testid="crm">
      <header className="place-header">
        <h2>
          CRM <span className="subtle">sample Salesforce</span>
        </h2>
        <button type="button" className="chrome" aria-label="Close the CRM" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <label className="crm-filter">
        <input
          type="checkbox"
          checked={onlyDecided}
          onChange={(event) => setOnlyDecided(event.target.checked)}
        />
        Only decided leads ({decided.length} of {leads.length})
      </label>
      <ul className="crm-leads">
        {shown.map((lead) => (
          <CrmLead key={lead.id} lead={lead} />
        ))}
      </ul>
      {shown.length === 0 ? <p className="empty">No lead record yet.</p> : null}
    </aside>
  );
}

function CrmLead({ lead }: { lead: PageCrmLead }) {
  const row = useRef<HTMLLIElement>(null);
  const seen = useRef(lead.changedAt);
  useEffect(() => {
    if (seen.current === lead.changedAt) return;
    seen.current = lead.changedAt;
    row.current?.animate({ backgroundColor: ['var(--flash)', 'transparent'] }, 1_600);
  }, [lead.changedAt]);
  return (
    <li ref={row} className="crm-lead" data-testid="crm-lead" data-crm-id={lead.id}>
      <div className="crm-lead-top">
        <p className="crm-lead-name">
          <strong>{lead.name}</strong>
          <span>{lead.company}</span>
        </p>
        {lead.tier === null ? null : (
          <span className={`tier tier-${lead.tier}`} data-testid="crm-tier">
            {lead.tier}
          </span>
        )}
        {lead.score === null ? null : (
          <span className="score" data-testid="crm-score">
            {lead.score}
            <span className="quiet"> points</span>
          </span>
        )}
      </div>
      <dl>
        <Row label="Status" value={lead.status} />
        <Row label="Owner" value={lead.owner} />
        <Row label="Decision" value={lead.decision} />
      </dl>
      {lead.written.length === 0 ? null : (
        <details>
          <summary>All First Call fields</summary>
          <dl>
            {lead.written.map(({ label, value }) => (
              <Row key={label} label={label} value={value} />
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}

function Row({ label, value }: { label: string; value: string | null }) {
  if (value === null || value === '') return null;
  return (
    <div className="crm-row">
      <dt>{label}</dt>
      <dd data-testid={`crm-${label.toLowerCase()}`}>{value}</dd>
    </div>
  );
}
