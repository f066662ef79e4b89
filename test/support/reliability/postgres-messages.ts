/** One message of the PostgreSQL protocol (version 3), header included. */
export interface PostgresMessage {
  /** The letter that names it; empty for the first message of a client. */
  type: string;
  bytes: Buffer;
}

const HEADER = 5;

/** Cuts a stream into whole messages. A client's first message has no letter. */
export function createMessageReader(
  from: 'client' | 'server',
): (chunk: Buffer) => PostgresMessage[] {
  let rest: Buffer = Buffer.alloc(0);
  let isFirst = from === 'client';
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const messages: PostgresMessage[] = [];
    let start = 0;
    for (;;) {
      const header = isFirst ? HEADER - 1 : HEADER;
      if (rest.length - start < header) break;
      const length = rest.readUInt32BE(start + header - 4) + header - 4;
      if (rest.length - start < length) break;
      const type = isFirst ? '' : String.fromCharCode(rest.readUInt8(start));
      messages.push({ type, bytes: rest.subarray(start, start + length) });
      start += length;
      isFirst = false;
    }
    rest = rest.subarray(start);
    return messages;
  };
}

/** Follows which SQL a client is about to run, named statements included. Undefined: none with this message. */
export function createStatementReader(): (message: PostgresMessage) => string | undefined {
  const named = new Map<string, string>();
  return ({ type, bytes }) => {
    if (type === 'Q') return textAt(bytes, HEADER);
    if (type === 'P') {
      const name = textAt(bytes, HEADER);
      const sql = textAt(bytes, HEADER + Buffer.byteLength(name) + 1);
      if (name === '') return sql;
      named.set(name, sql);
      return undefined;
    }
    if (type !== 'B') return undefined;
    const portal = textAt(bytes, HEADER);
    return named.get(textAt(bytes, HEADER + Buffer.byteLength(portal) + 1));
  };
}

function textAt(bytes: Buffer, start: number): string {
  return bytes.toString('utf8', start, bytes.indexOf(0, start));
}
