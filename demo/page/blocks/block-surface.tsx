import type { AnyBlock } from '@slack/types';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import type { ElementValue, PageSurface, SurfaceValues } from '../../server/page-state.ts';
import { useActor } from '../state/actor.ts';
import { valuesOf } from './initial-values.ts';
import { SurfaceContext } from './surface.ts';

interface Props {
  surface: PageSurface;
  blocks: AnyBlock[];
  errors?: Record<string, string>;
  children: ReactNode;
}

const NO_ERRORS = {};

/** Holds what the elements of one message or view contain. */
export function BlockSurface({ surface, blocks, errors = NO_ERRORS, children }: Props) {
  const actor = useActor();
  const [touched, setTouched] = useState<SurfaceValues>({});
  const [pending, setPending] = useState<ReadonlySet<string>>(new Set());
  const values = useMemo(() => valuesOf(blocks, touched), [blocks, touched]);
  // A click reads the values of its own moment, also when it changed one of them just before.
  const latest = useRef(values);
  latest.current = values;

  const setValue = useCallback((blockId: string, actionId: string, value: ElementValue) => {
    const next = { [blockId]: { [actionId]: value } };
    latest.current = mergeValues(latest.current, next);
    setTouched((before) => mergeValues(before, next));
  }, []);
  const click = useCallback(
    async (blockId: string, actionId: string, value: ElementValue) => {
      const key = `${blockId}/${actionId}`;
      setPending((before) => new Set(before).add(key));
      await actor.click({ surface, blockId, actionId, value, values: latest.current });
      setPending((before) => {
        const after = new Set(before);
        after.delete(key);
        return after;
      });
    },
    [actor, surface],
  );
  const context = useMemo(
    () => ({ surface, values, setValue, click, pending, errors }),
    [surface, values, setValue, click, pending, errors],
  );
  return <SurfaceContext.Provider value={context}>{children}</SurfaceContext.Provider>;
}

function mergeValues(base: SurfaceValues, over: SurfaceValues): SurfaceValues {
  const merged = { ...base };
  for (const [blockId, actions] of Object.entries(over)) {
    merged[blockId] = { ...merged[blockId], ...actions };
  }
  return merged;
}
