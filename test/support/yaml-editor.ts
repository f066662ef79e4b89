import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Position {
  /** 0-based, as editors count. */
  line: number;
  character: number;
}

export interface Diagnostic {
  range: { start: Position; end: Position };
  message: string;
}

interface Message {
  id?: number | string;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
}

/** What an editor does: opens files, and asks for red lines and completions. */
export interface YamlEditor {
  /** Opens a text as the file at `path`; resolves to what the editor underlines. */
  open(path: string, text: string): Promise<Diagnostic[]>;
  /** Labels that the editor offers at a place of an open file. */
  complete(path: string, position: Position): Promise<string[]>;
  close(): Promise<void>;
}

/**
 * Starts the language server behind the YAML extensions of editors, as it is installed: the only setting
 * switched off is the public catalogue of schemas, which it would download.
 */
export async function startYamlEditor(): Promise<YamlEditor> {
  const server = spawn(process.execPath, [serverFile(), '--stdio']);
  const connection = connect(server);
  await connection.request('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: { textDocument: { publishDiagnostics: {}, completion: {} } },
    workspaceFolders: null,
  });
  connection.notify('initialized', {});
  await connection.configured;
  return {
    async open(path, text) {
      const uri = pathToFileURL(path).href;
      const diagnosed = connection.diagnosed(uri);
      const textDocument = { uri, languageId: 'yaml', version: 1, text };
      connection.notify('textDocument/didOpen', { textDocument });
      return await diagnosed;
    },
    async complete(path, position) {
      const textDocument = { uri: pathToFileURL(path).href };
      const answer = await connection.request('textDocument/completion', {
        textDocument,
        position,
      });
      const { items } = answer as { items: { label: string }[] };
      return items.map(({ label }) => label);
    },
    async close() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      await connection.request('shutdown', null);
      connection.notify('exit', undefined);
      await ended;
    },
  };
}

function serverFile(): string {
  const manifest = createRequire(import.meta.url).resolve('yaml-language-server/package.json');
  return join(dirname(manifest), 'bin/yaml-language-server');
}

const SETTINGS: Readonly<Record<string, object>> = { yaml: { schemaStore: { enable: false } } };

/** JSON-RPC over the server's standard streams. `configured` resolves once it has our settings. */
function connect(server: ChildProcessWithoutNullStreams) {
  const answers = new Map<number | string, (message: Message) => void>();
  const diagnoses = new Map<string, (found: Diagnostic[]) => void>();
  let lastId = 0;
  const send = (message: object) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  let setConfigured: () => void = () => undefined;
  const configured = new Promise<void>((resolve) => {
    setConfigured = resolve;
  });
  onMessages(server, (message) => {
    if (message.method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = message.params as { uri: string; diagnostics: Diagnostic[] };
      diagnoses.get(uri)?.(diagnostics);
    } else if (message.method === 'workspace/configuration') {
      const { items } = message.params as { items: { section: string }[] };
      send({ id: message.id, result: items.map(({ section }) => SETTINGS[section] ?? null) });
      setConfigured();
    } else if (message.method !== undefined && message.id !== undefined) {
      send({ id: message.id, result: null });
    } else if (message.id !== undefined) answers.get(message.id)?.(message);
  });
  return {
    configured,
    request: (method: string, params: unknown) =>
      new Promise<unknown>((resolve, reject) => {
        const id = ++lastId;
        answers.set(id, ({ result, error }) =>
          error === undefined ? resolve(result) : reject(new Error(error.message)),
        );
        send({ id, method, params });
      }),
    notify: (method: string, params: unknown) => send({ method, params }),
    diagnosed: (uri: string) =>
      new Promise<Diagnostic[]>((resolve) => {
        diagnoses.set(uri, resolve);
      }),
  };
}

function onMessages(
  { stdout }: ChildProcessWithoutNullStreams,
  handle: (message: Message) => void,
): void {
  let buffer = Buffer.alloc(0);
  stdout.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.toString('utf8', 0, end))?.[1]);
      if (end === -1 || buffer.length < end + 4 + length) return;
      const body = buffer.toString('utf8', end + 4, end + 4 + length);
      buffer = buffer.subarray(end + 4 + length);
      handle(JSON.parse(body) as Message);
    }
  });
}
