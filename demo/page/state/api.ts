import type { PageClick, PageReply, PageState, SurfaceValues } from '../../server/page-state.ts';

const UNREACHABLE =
  'The demo server did not answer. Is "npm run demo" still running in the terminal?';

async function post(path: string, body: object): Promise<PageReply> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const reply = (await response.json()) as Partial<PageReply> & { message?: string };
    if (typeof reply.ok === 'boolean') return reply as PageReply;
    return { ok: false, problem: reply.message ?? `The demo server answered ${response.status}.` };
  } catch {
    return { ok: false, problem: UNREACHABLE };
  }
}

export function sendClick(click: PageClick): Promise<PageReply> {
  return post('/api/click', click);
}

export function runCommand(as: string, channel: string, text: string): Promise<PageReply> {
  return post('/api/command', { as, channel, text });
}

export function sendShortcut(
  as: string,
  channel: string,
  ts: string,
  callbackId: string,
): Promise<PageReply> {
  return post('/api/shortcut', { as, channel, ts, callbackId });
}

export function submitView(as: string, viewId: string, values: SurfaceValues): Promise<PageReply> {
  return post('/api/submit', { as, viewId, values });
}

export function closeView(as: string, viewId: string): Promise<PageReply> {
  return post('/api/close', { as, viewId });
}

export function openHome(as: string): Promise<PageReply> {
  return post('/api/home', { as });
}

export type Connection = 'connecting' | 'live' | 'lost';

/**
 * Follows the workspace as one person sees it: a whole state at once and after every change.
 * EventSource reconnects by itself; `lost` is reported until it succeeds.
 */
export function followState(
  as: string | null,
  onState: (state: PageState) => void,
  onConnection: (connection: Connection) => void,
): () => void {
  const query = as === null ? '' : `?as=${encodeURIComponent(as)}`;
  const source = new EventSource(`/api/events${query}`);
  onConnection('connecting');
  source.addEventListener('state', (event) => {
    onConnection('live');
    onState(JSON.parse(event.data) as PageState);
  });
  source.addEventListener('error', () => onConnection('lost'));
  return () => source.close();
}
