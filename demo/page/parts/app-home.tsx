import { useEffect, useMemo, useState } from 'react';
import type { PageState } from '../../server/page-state.ts';
import { BlockList } from '../blocks/block-list.tsx';
import { BlockSurface } from '../blocks/block-surface.tsx';
import { useActor } from '../state/actor.ts';
import { AppTabs } from './app-tabs.tsx';

interface Props {
  state: PageState;
  onPlace: (place: string) => void;
}

/** The App Home: opening it tells the app, which then publishes it. */
export function AppHome({ state, onPlace }: Props) {
  const actor = useActor();
  const [problem, setProblem] = useState(false);
  useEffect(() => {
    void actor.openHome().then((reply) => setProblem(!reply.ok));
  }, [actor]);
  const { home } = state;
  const viewId = home?.id ?? 'none';
  const surface = useMemo(() => ({ kind: 'view' as const, viewId }), [viewId]);
  const appChannel = state.channels.find(({ kind }) => kind === 'app')?.id ?? null;
  return (
    <section className="conversation" aria-label="First Call home" data-testid="app-home">
      <header className="place-header">
        <AppTabs open="home" appChannel={appChannel} onPlace={onPlace} />
      </header>
      <div className="messages home">
        {home === null ? (
          <p className="empty" role="status">
            {problem
              ? 'First Call did not answer, so there is no home to show.'
              : 'First Call is preparing your home'}
          </p>
        ) : (
          <BlockSurface surface={surface} blocks={home.blocks}>
            <BlockList blocks={home.blocks} />
          </BlockSurface>
        )}
      </div>
    </section>
  );
}
