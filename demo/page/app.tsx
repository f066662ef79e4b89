import { useMemo, useState } from 'react';
import type { PageState } from '../server/page-state.ts';
import { PlacesContext } from './blocks/places.ts';
import { AppHome } from './parts/app-home.tsx';
import { Banner } from './parts/banner.tsx';
import { Conversation } from './parts/conversation.tsx';
import { CrmPanel } from './parts/crm-panel.tsx';
import { Modal } from './parts/modal.tsx';
import { Sidebar } from './parts/sidebar.tsx';
import { Toasts } from './parts/toasts.tsx';
import { ActorContext } from './state/actor.ts';
import { useAddress } from './state/address.ts';
import { useTheme } from './state/theme.ts';
import { useUnread } from './state/unread.ts';
import { useActing } from './state/use-acting.ts';
import { useCrmOpen } from './state/use-crm-open.ts';
import { useFollowedState } from './state/use-followed-state.ts';

export function App() {
  const [address, go] = useAddress();
  const [theme, toggleTheme] = useTheme();
  const { state, connection } = useFollowedState(address.as);
  const { actor, toasts, dismissToast } = useActing(state?.me.id ?? null);
  const [sidebarOpen, setSidebarOpen] = useState(false);
  const [crmOpen, setCrmOpen] = useCrmOpen();
  const place = openPlace(state, address.place);
  const unread = useUnread(state, place);
  const names = useMemo(() => workspaceNames(state), [state]);
  const places = useMemo(() => ({ theme, names }), [theme, names]);
  if (state === null) return <Waiting lost={connection === 'lost'} />;
  const channel = state.channels.find(({ id }) => id === place);
  return (
    <ActorContext.Provider value={actor}>
      <PlacesContext.Provider value={places}>
        <div
          id="slack_blocks_to_jsx"
          className="workspace"
          data-crm={crmOpen}
          data-menu={sidebarOpen}
        >
          <Banner
            connection={connection}
            me={state.me}
            theme={theme}
            crmOpen={crmOpen}
            onTheme={toggleTheme}
            onCrm={() => setCrmOpen(!crmOpen)}
            onMenu={() => setSidebarOpen(!sidebarOpen)}
            menuOpen={sidebarOpen}
          />
          <Sidebar
            state={state}
            place={place}
            unread={unread}
            onPlace={(next) => {
              setSidebarOpen(false);
              go({ place: next });
            }}
            onPerson={(as) => {
              setSidebarOpen(false);
              go({ as });
            }}
          />
          <button
            type="button"
            className="backdrop"
            aria-label="Close the menu"
            onClick={() => setSidebarOpen(false)}
          />
          <main className="stage">
            {channel === undefined ? (
              <AppHome state={state} key={state.me.id} onPlace={(next) => go({ place: next })} />
            ) : (
              <Conversation
                channel={channel}
                me={state.me}
                shortcuts={state.shortcuts}
                key={`${state.me.id}:${channel.id}`}
                onPlace={(next) => go({ place: next })}
              />
            )}
          </main>
          {crmOpen ? <CrmPanel leads={state.crm.leads} onClose={() => setCrmOpen(false)} /> : null}
          {state.modal === null ? null : (
            <Modal view={state.modal} depth={state.modalDepth} key={state.modal.id} />
          )}
          <Toasts toasts={toasts} onDismiss={dismissToast} />
        </div>
      </PlacesContext.Provider>
    </ActorContext.Provider>
  );
}

function openPlace(state: PageState | null, wanted: string | null): string {
  const known = state?.channels.some(({ id }) => id === wanted) || wanted === 'home';
  if (wanted !== null && known) return wanted;
  return state?.channels.find(({ kind }) => kind === 'channel')?.id ?? 'home';
}

function workspaceNames(state: PageState | null) {
  return {
    users: (state?.people ?? []).map(({ id, name }) => ({ id, name })),
    channels: (state?.channels ?? [])
      .filter(({ kind }) => kind === 'channel')
      .map(({ id, name }) => ({ id, name })),
  };
}

function Waiting({ lost }: { lost: boolean }) {
  return (
    <p className="waiting" role="status">
      {lost
        ? 'The demo server does not answer. Is "npm run demo" still running in the terminal? This page comes back by itself.'
        : 'Opening the sample workspace'}
    </p>
  );
}
