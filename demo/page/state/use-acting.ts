import { useMemo, useState } from 'react';
import type { PageReply } from '../../server/page-state.ts';
import type { Actor } from './actor.ts';
import { closeView, openHome, runCommand, sendClick, sendShortcut, submitView } from './api.ts';

export interface Toast {
  id: number;
  kind: 'problem' | 'notice';
  text: string;
}

const NOTICE_MS = 5_000;

/** Does what the person clicks, and keeps what has to be said about it. */
export function useActing(as: string | null) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const actor = useMemo(() => {
    const say = (kind: Toast['kind'], text: string) => {
      const toast = { id: performance.now(), kind, text };
      setToasts((before) => [...before.filter((one) => one.text !== text), toast].slice(-3));
      if (kind === 'notice') setTimeout(() => dismiss(toast.id), NOTICE_MS);
    };
    const dismiss = (id: number) => setToasts((before) => before.filter((one) => one.id !== id));
    return createActor(as ?? '', (reply) => {
      if (!reply.ok) say('problem', reply.problem);
      else if (reply.notice !== null) say('notice', reply.notice);
      return reply;
    });
  }, [as]);
  const dismissToast = (id: number) =>
    setToasts((before) => before.filter((toast) => toast.id !== id));
  return { actor, toasts, dismissToast };
}

function createActor(as: string, report: (reply: PageReply) => PageReply): Actor {
  return {
    click: async (click) => report(await sendClick({ as, ...click })),
    command: async (channel, text) => report(await runCommand(as, channel, text)),
    shortcut: async (channel, ts, callbackId) =>
      report(await sendShortcut(as, channel, ts, callbackId)),
    submit: async (viewId, values) => report(await submitView(as, viewId, values)),
    close: async (viewId) => report(await closeView(as, viewId)),
    openHome: async () => report(await openHome(as)),
  };
}
