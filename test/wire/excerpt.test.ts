import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeValue, excerptName, excerptText, redactText } from '../../src/wire/excerpt.js';

const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl';
const BASE64 = 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';

describe('excerpts', () => {
  it('are short, printable and masked', () => {
    const text = `{"type":"subscribe","jwt":"${JWT}","x":"\u001b[31m${'y '.repeat(500)}"}`;
    const excerpt = excerptText(text);
    expect(excerpt).toHaveLength(200);
    expect(excerpt).toContain('"jwt":"[secret]"');
    expect(excerpt).toMatch(/^[\x20-\x7e]*…$/);
  });

  it.each([
    'jwt',
    'token',
    'access_token',
    'otp',
    'secret',
    'api_secret',
    'apiSecret',
    'signature',
    'x-own-signature',
    'passphrase',
    'password',
    'privateKey',
    'private_key',
    'key',
    'api_key',
    'API-Key',
    'API-Sign',
  ])('mask the field %s, whole, escaped and cut off', (name) => {
    for (const secret of ['short', 'with blanks in it', BASE64.slice(0, 30)]) {
      const field = JSON.stringify({ [name]: secret, next: 'kept' });
      expect(redactText(field)).toBe(JSON.stringify({ [name]: '[secret]', next: 'kept' }));
      expect(redactText(JSON.stringify(field))).not.toContain(secret);
      expect(redactText(field.slice(0, -20))).not.toContain(secret.slice(0, 4));
    }
  });

  it.each([`x-own-signature: ${BASE64}`, 'API-Key:short', 'token: short', 'my-secret :short'])(
    'mask the header %s',
    (header) => {
      const masked = redactText(`GET / HTTP/1.1\n${header}\nhost: kept`);
      expect(masked).toContain('[secret]');
      expect(masked).toContain('host: kept');
      expect(masked).not.toContain('short');
      expect(masked).not.toContain(BASE64.slice(0, 8));
    },
  );

  it('mask what looks like a secret wherever it stands, and leave numbers and names', () => {
    expect(redactText(`<html>${JWT}</html>`)).toBe('<html>[secret]</html>');
    expect(redactText(`<b>${BASE64}</b>`)).toBe('<b>[secret]</b>');
    const segment = `c2lnbmF0-XJl_${'c2lnbmF0dXJl'.repeat(3)}`;
    expect(redactText(`the rest of a token: ${segment}`)).toBe('the rest of a token: [secret]');
    const kept = `["monkey",-${'8'.repeat(60)},"monkey","keyboard",${'9'.repeat(60)},"1.${'0'.repeat(60)}","BTC-USD"]`;
    expect(redactText(kept)).toBe(kept);
  });

  it('take no longer for texts that are made to be slow', () => {
    const slow = [
      '-a'.repeat(2_000),
      '"'.repeat(4_000),
      '\\'.repeat(4_000),
      '1'.repeat(4_000),
      'token'.repeat(800),
    ];
    const startedAtMs = performance.now();
    for (const text of slow) for (let run = 0; run < 50; run += 1) excerptText(text);
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });

  it('are safe to print whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(excerptText(text)).toMatch(/^[\x20-\x7e…]{0,200}$/);
        expect(excerptName(text)).toMatch(/^[\w./:-]{1,40}$/);
      }),
    );
  });
});

describe('a value in a few words', () => {
  it.each([
    [undefined, 'nothing'],
    [null, 'null'],
    [[1, 2, 3], 'a list of 3'],
    [{ deep: {} }, 'an object'],
    [1.5, '1.5'],
    [false, 'false'],
    ['a\nb', '"a b"'],
    [JWT, '"[secret]"'],
  ])('%j is %s', (value, words) => expect(describeValue(value)).toBe(words));
});
