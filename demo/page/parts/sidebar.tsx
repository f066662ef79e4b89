import type { PageState } from '../../server/page-state.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icon.tsx';

interface Props {
  state: PageState;
  place: string;
  unread: Map<string, number>;
  onPlace: (place: string) => void;
  onPerson: (id: string) => void;
}

export function Sidebar({ state, place, unread, onPlace, onPerson }: Props) {
  const channels = state.channels.filter(({ kind }) => kind === 'channel');
  const app = state.channels.find(({ kind }) => kind === 'app');
  return (
    <aside className="sidebar" aria-label="Workspace">
      <p className="workspace-name">{state.workspaceName}</p>
      <fieldset className="people" data-testid="people">
        <legend>I am</legend>
        {state.people.map((person) => (
          <label key={person.id} className="person" data-testid={`person-${person.id}`}>
            <input
              type="radio"
              name="person"
              value={person.id}
              checked={person.id === state.me.id}
              onChange={() => onPerson(person.id)}
            />
            <Avatar name={person.name} />
            <span className="person-name">{person.name}</span>
            <span className={person.name.endsWith(person.role) ? 'quiet' : 'person-role'}>
              {person.role}
            </span>
          </label>
        ))}
      </fieldset>
      <nav aria-label="Channels">
        <h2>Channels</h2>
        {channels.map((channel) => (
          <PlaceLink
            key={channel.id}
            id={channel.id}
            name={channel.name}
            mark={<span aria-hidden="true">#</span>}
            isOpen={place === channel.id}
            unread={unread.get(channel.id) ?? 0}
            onPlace={onPlace}
          />
        ))}
        <h2>Apps</h2>
        <PlaceLink
          id="home"
          name="First Call"
          mark={<Avatar name="First Call" app />}
          isOpen={place === 'home' || place === app?.id}
          unread={app === undefined ? 0 : (unread.get(app.id) ?? 0)}
          onPlace={onPlace}
        />
      </nav>
      <p className="sidebar-foot">
        <Icon name="eye" /> People, companies and numbers here are made up.
      </p>
    </aside>
  );
}

interface PlaceLinkProps {
  id: string;
  name: string;
  mark: React.ReactNode;
  isOpen: boolean;
  unread: number;
  onPlace: (place: string) => void;
}

function PlaceLink({ id, name, mark, isOpen, unread, onPlace }: PlaceLinkProps) {
  const isUnread = unread > 0 && !isOpen;
  return (
    <button
      type="button"
      className={isUnread ? 'place unread' : 'place'}
      aria-current={isOpen ? 'page' : undefined}
      data-testid={`place-${name}`}
      onClick={() => onPlace(id)}
    >
      <span className="place-mark">{mark}</span>
      <span className="place-name">{name}</span>
      {isUnread ? (
        <span className="badge">
          {unread}
          <span className="quiet"> unread</span>
        </span>
      ) : null}
    </button>
  );
}
