import { createPrivateKey, type KeyObject } from 'node:crypto';

/**
 * Null when the text is no RSA private key as PEM without a passphrase. A key in an environment variable often has
 * its line ends written out.
 */
export function readRsaKey(text: string): KeyObject | null {
  try {
    const key = createPrivateKey(text.replaceAll('\\n', '\n'));
    return key.asymmetricKeyType === 'rsa' ? key : null;
  } catch {
    return null;
  }
}
