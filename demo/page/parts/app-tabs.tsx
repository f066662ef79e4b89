import { Avatar } from './avatar.tsx';

interface Props {
  open: 'home' | 'messages';
  appChannel: string | null;
  onPlace: (place: string) => void;
}

export function AppTabs({ open, appChannel, onPlace }: Props) {
  return (
    <>
      <h2>
        <Avatar name="First Call" app /> First Call
      </h2>
      <nav className="tabs" aria-label="First Call">
        <button
          type="button"
          aria-current={open === 'home' ? 'page' : undefined}
          onClick={() => onPlace('home')}
        >
          Home
        </button>
        <button
          type="button"
          aria-current={open === 'messages' ? 'page' : undefined}
          disabled={appChannel === null}
          onClick={() => appChannel !== null && onPlace(appChannel)}
        >
          Messages
        </button>
      </nav>
    </>
  );
}
