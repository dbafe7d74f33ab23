import { describe, expect, it } from 'vitest';
import { decodeHmacSecret } from '../../src/auth/hmac-secret.js';
import { parsePrivateKey } from '../../src/auth/key-material.js';
import { looksLikePath } from '../../src/auth/key-text.js';
import { createSeededRandom } from '../doubles/seeded-random.js';

describe('where a key is kept, given in its place', () => {
  it.each([
    'secrets/coinbase',
    'secrets/coinbase-key',
    'Keys/kraken2/main_key',
    'config/keys.d/cdp',
    '/home/somebody/keys/cdp_api_key.json',
    '~/keys/cdp',
    './cdp',
    'C:\\keys\\key.pem',
    'private.pem',
  ])('is told from one: %s', (text) => expect(looksLikePath(text, false)).toBe(true));

  it('is never what random bytes are written as', () => {
    const random = createSeededRandom(3);
    for (let run = 0; run < 20_000; run += 1) {
      // One that begins with a slash may look like a path, and is one only where it is no key.
      const text = Buffer.from(random.bytes(32 + (run % 33)))
        .toString('base64')
        .replace(/^\/+/, '');
      expect(looksLikePath(text, false), 'with padding').toBe(false);
      expect(looksLikePath(text.replace(/=+$/, ''), false), 'without padding').toBe(false);
    }
  });

  it('is named in the error, of a private key as of a shared secret', () => {
    for (const read of [parsePrivateKey, decodeHmacSecret]) {
      expect(() => read('secrets/venue-key')).toThrow(/path/);
    }
    const paths = ['secrets/coinbase', '/etc/trader/kraken/keys', '~/secrets/kraken/keys'];
    for (const path of paths) expect(() => decodeHmacSecret(path)).toThrow(/path/);
  });
});
