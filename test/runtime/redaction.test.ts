import { describe, expect, it } from 'vitest';
import { redactText, redactUrl } from '../../src/runtime/redaction.js';

describe('redactUrl', () => {
  it.each([
    ['wss://feed.test/', 'wss://feed.test/'],
    ['wss://feed.test/?key=abc', 'wss://feed.test/?key=[secret]'],
    [
      'wss://feed.test/v2?a=1&token=x.y-z%3D&b=',
      'wss://feed.test/v2?a=[secret]&token=[secret]&b=[secret]',
    ],
    ['wss://user:pass@feed.test/?a=1', 'wss://[secret]@feed.test/?a=[secret]'],
    ['wss://feed.test/#token', 'wss://feed.test/'],
    ['not an address?key=abc', 'not an address?key=[secret]'],
    ['', ''],
  ])('%s becomes %s', (url, expected) => {
    expect(redactUrl(url)).toBe(expected);
  });
});

describe('redactText', () => {
  it('masks key blocks, also broken off, tokens and query values, and leaves the rest', () => {
    const pem = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----';
    expect(redactText(`before ${pem} after`)).toBe('before [secret] after');
    expect(redactText('x -----BEGIN PRIVATE KEY-----\nMHcC')).toBe('x [secret]');
    expect(redactText('jwt eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln-_x end')).toBe(
      'jwt [secret] end',
    );
    expect(redactText('see wss://a.test/?token=abc&n=1 there')).toBe(
      'see wss://a.test/?token=[secret]&n=[secret] there',
    );
    expect(redactText('Nothing to hide; 1 + 1 = 2.')).toBe('Nothing to hide; 1 + 1 = 2.');
  });
});
