const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED:
    'nothing listens at the host and port of DATABASE_URL; check both, and that it runs',
  ENOTFOUND: 'the host in DATABASE_URL is not known; check its spelling',
  EAI_AGAIN: 'the host in DATABASE_URL cannot be looked up just now; check the network',
  EHOSTUNREACH: 'no way leads to the host in DATABASE_URL; check the network',
  ENETUNREACH: 'no way leads to the host in DATABASE_URL; check the network',
  ETIMEDOUT: 'the host in DATABASE_URL does not answer; check its firewall',
  ECONNRESET: 'the connection was cut; check that the port in DATABASE_URL is that of a PostgreSQL',
  '28P01': 'PostgreSQL refuses the user or the password in DATABASE_URL; check both',
  '28000':
    'PostgreSQL does not let this user in from this machine; check the user in DATABASE_URL and pg_hba.conf',
  '3D000': 'the database that DATABASE_URL names does not exist; create it, or name another',
  '42501': 'the user in DATABASE_URL may not connect to this database; grant it that',
  '53300': 'PostgreSQL has no connection left; raise max_connections, or stop what holds them',
  '57P03': 'PostgreSQL is starting or stopping; start again in a moment',
};

/** One sentence for people about a first connection that failed. Holds nothing of the address, which has a password. */
export function explainConnection(error: unknown): string {
  const why = SENTENCES[codeOf(error)] ?? byMessage(error);
  return `The database cannot be reached: ${why}.`;
}

function codeOf(error: unknown): string {
  // Several addresses of one name were tried: the first says enough.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && 'code' in first ? String(first.code) : '';
}

function byMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (/timeout/i.test(message)) return SENTENCES.ETIMEDOUT ?? '';
  if (/ssl|tls|certificate/i.test(message)) {
    return 'it and we do not agree on TLS; check sslmode in DATABASE_URL and the certificate';
  }
  if (/password must be a string/.test(message)) {
    return 'PostgreSQL asks for a password; put one into DATABASE_URL';
  }
  return 'check DATABASE_URL and that PostgreSQL is running';
}
