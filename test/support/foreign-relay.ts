import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type JsonRecord, parseJson, recordOf } from '../../demo/doubles/json.ts';
import { signSlackBody } from '../../demo/slack/signing.ts';

/** Between Slack and the app: while `foreign`, everybody who acts does so from another workspace. */
export interface ForeignRelay {
  url: string;
  foreign: boolean;
  close(): Promise<void>;
}

const ELSEWHERE = 'T0OTHER';

export async function startForeignRelay(appUrl: string, secret: string): Promise<ForeignRelay> {
  const server = createServer(async (request, response) => {
    const before = await text(request);
    const contentType = request.headers['content-type'] ?? '';
    const body = relay.foreign ? fromElsewhere(before, contentType) : before;
    const answer = await fetch(`${appUrl}${request.url}`, {
      method: 'POST',
      headers: { 'content-type': contentType, ...signSlackBody(secret, body, new Date()) },
      body,
    });
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'text/plain',
    });
    response.end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const relay: ForeignRelay = {
    url: `http://127.0.0.1:${port}`,
    foreign: false,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return relay;
}

/** As Slack does: the person's team is theirs, what belongs to our app (message, view) stays ours. */
function fromElsewhere(body: string, contentType: string): string {
  if (contentType.includes('json')) {
    return JSON.stringify({ ...recordOf(parseJson(body)), team_id: ELSEWHERE });
  }
  const form = new URLSearchParams(body);
  const payload = form.get('payload');
  if (payload === null) form.set('team_id', ELSEWHERE);
  else form.set('payload', JSON.stringify(withForeignUser(recordOf(parseJson(payload)))));
  return form.toString();
}

function withForeignUser(payload: JsonRecord): JsonRecord {
  const submitted = payload.type === 'view_submission';
  return {
    ...payload,
    user: { ...recordOf(payload.user), team_id: ELSEWHERE },
    ...(submitted ? { team: { id: ELSEWHERE, domain: 'other' } } : {}),
  };
}
