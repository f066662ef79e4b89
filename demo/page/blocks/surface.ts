import { createContext, useContext } from 'react';
import type { ElementValue, PageSurface, SurfaceValues } from '../../server/page-state.ts';

/** The message or view that an element belongs to: what it holds and how a click gets out. */
export interface Surface {
  surface: PageSurface;
  values: SurfaceValues;
  setValue(blockId: string, actionId: string, value: ElementValue): void;
  /** Resolves when the app has answered; problems are shown by the page. */
  click(blockId: string, actionId: string, value: ElementValue): Promise<void>;
  /** `blockId/actionId` of the elements whose click the app has not answered yet. */
  pending: ReadonlySet<string>;
  /** Block id -> what is wrong with the input, from the last submission. */
  errors: Record<string, string>;
}

export const SurfaceContext = createContext<Surface | null>(null);

export function useSurface(): Surface {
  const surface = useContext(SurfaceContext);
  if (surface === null) throw new Error('A block element needs a surface around it.');
  return surface;
}

export interface ElementSlot {
  blockId: string;
  /** Input blocks only collect; other elements tell the app at once. */
  dispatch: boolean;
  /** Id of the visible label, where there is one, and the id that the label is for. */
  labelledBy?: string;
  id?: string;
  describedBy?: string;
}

/** One element's value, and how to change it. */
export function useElement(slot: ElementSlot, actionId: string, initial: ElementValue) {
  const surface = useSurface();
  const value = surface.values[slot.blockId]?.[actionId] ?? initial;
  return {
    value,
    pending: surface.pending.has(`${slot.blockId}/${actionId}`),
    change(next: ElementValue): void {
      surface.setValue(slot.blockId, actionId, next);
      if (slot.dispatch) void surface.click(slot.blockId, actionId, next);
    },
    /** Keeps the value without telling the app, for text that is still being typed. */
    keep(next: ElementValue): void {
      surface.setValue(slot.blockId, actionId, next);
    },
    send(next: ElementValue): Promise<void> {
      return surface.click(slot.blockId, actionId, next);
    },
  };
}
