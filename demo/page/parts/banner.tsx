import type { PagePerson } from '../../server/page-state.ts';
import type { Connection } from '../state/api.ts';
import type { Theme } from '../state/theme.ts';
import { Icon } from './icon.tsx';

interface Props {
  connection: Connection;
  me: PagePerson;
  theme: Theme;
  crmOpen: boolean;
  menuOpen: boolean;
  onTheme: () => void;
  onCrm: () => void;
  onMenu: () => void;
}

const CONNECTION_TEXT: Record<Connection, string> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Connection lost, trying again',
};

/** The one line on top: what this is, and the switches of the page itself. */
export function Banner(props: Props) {
  return (
    <header className="banner">
      <button
        type="button"
        className="chrome menu-button"
        aria-label="Channels and people"
        aria-expanded={props.menuOpen}
        onClick={props.onMenu}
      >
        <Icon name="menu" />
      </button>
      <h1 className="quiet">First Call demo, a sample workspace</h1>
      <p className="sample-note" data-testid="sample-banner">
        <strong>Sample data.</strong> Nothing leaves this machine.
      </p>
      <span className={`connection ${props.connection}`} role="status" data-testid="connection">
        {CONNECTION_TEXT[props.connection]}
      </span>
      <button
        type="button"
        className="chrome"
        aria-label={props.theme === 'dark' ? 'Use light colours' : 'Use dark colours'}
        onClick={props.onTheme}
      >
        <Icon name={props.theme === 'dark' ? 'sun' : 'moon'} />
      </button>
      <button
        type="button"
        className="chrome with-text"
        aria-pressed={props.crmOpen}
        data-testid="crm-toggle"
        onClick={props.onCrm}
      >
        <Icon name="crm" /> <span>CRM</span>
      </button>
    </header>
  );
}
