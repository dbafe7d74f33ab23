import { describe, expect, it } from 'vitest';
import { decodeHmacSecret } from '../../src/auth/hmac-secret.js';
import { parseJsonKeyFile, parseKeyAndSecret } from '../../src/auth/key-file.js';
import { decodeBase64 } from '../../src/auth/base64.js';
import { Secret } from '../../src/model/secret.js';
import { catchError, findLeak } from './secret-leak.js';

const key = 'PUBLICKEYpublickey/0123456789+abcdef==';
const secret = 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';

const FILES: readonly (readonly [string, string])[] = [
  ['key and secret', JSON.stringify({ key, secret })],
  ['apiKey and apiSecret', JSON.stringify({ apiKey: key, apiSecret: secret })],
  ['API-Key and API-Secret', JSON.stringify({ 'API-Key': key, 'API-Secret': secret })],
  ['api_key and private_key', JSON.stringify({ api_key: key, private_key: secret })],
  ['publicKey and privateKey', JSON.stringify({ publicKey: key, privateKey: secret })],
  ['other fields beside', JSON.stringify({ nickname: 'x', key, secret, permissions: ['a'] })],
  ['a byte order mark', `\uFEFF${JSON.stringify({ key, secret })}`],
  ['two lines', `${key}\n${secret}\n`],
  ['two lines with CRLF and a gap', `\r\n${key}\r\n\r\n${secret}`],
  ['two lines in quotes', `"${key}"\n'${secret}'`],
  ['lines of an environment file', `export VENUE_API_KEY="${key}"\nVENUE_API_SECRET=${secret}`],
  ['named lines', `# mine\nAPI Key: ${key}\nPrivate Key: ${secret}`],
];

describe('a file with key and secret', () => {
  it.each(FILES)('spelled with %s is read', (_name, text) => {
    const pair = parseKeyAndSecret(text);
    expect(pair.key).toBe(key);
    expect(pair.secret.reveal()).toBe(secret);
  });

  const DEFECTS: readonly (readonly [string, string, string])[] = [
    ['nothing', ' \n', 'file-empty'],
    ['JSON cut off', JSON.stringify({ key, secret }).slice(0, -6), 'json-damaged'],
    ['a list', JSON.stringify([key, secret]), 'json-not-an-object'],
    ['no key', JSON.stringify({ secret }), 'key-missing'],
    ['no secret', JSON.stringify({ key }), 'secret-missing'],
    ['an empty secret', JSON.stringify({ key, secret: ' ' }), 'secret-missing'],
    ['a secret that is no text', JSON.stringify({ key, secret: { secret } }), 'secret-missing'],
    ['one line', key, 'secret-missing'],
  ];
  it.each(DEFECTS)('with %s is refused by name and not quoted', (_name, text, defect) => {
    const error = catchError(() => parseKeyAndSecret(text));
    expect(error).toMatchObject({ name: 'KeyError', code: 'KEY_INVALID', facts: { defect } });
    expect(findLeak(error, key) ?? findLeak(error, secret)).toBeUndefined();
  });

  it('of another venue is said to look like one', () => {
    const text = JSON.stringify({ name: 'organizations/o/apiKeys/k', privateKey: secret });
    const error = catchError(() => parseKeyAndSecret(text));
    expect(error).toMatchObject({ facts: { defect: 'key-missing', looksLike: 'another-venue' } });
    expect(String(error)).toContain('It looks like the key file of another venue');
    expect(findLeak(error, secret)).toBeUndefined();
  });

  it('does not quote broken JSON, as the parser itself would', () => {
    const text = `{"privateKey": ${secret}}`;
    expect(
      findLeak(
        catchError(() => parseJsonKeyFile(text)),
        secret,
      ),
    ).toBeUndefined();
  });

  it('does not show its secret when printed', () => {
    expect(findLeak(parseKeyAndSecret(`${key}\n${secret}`), secret)).toBeUndefined();
  });
});

describe('a shared secret', () => {
  const bytes = Buffer.from('0123456789abcdef0123456789abcdef');

  it('is decoded from base64, in quotes, in white space, wrapped as a secret', () => {
    const spellings = [secret, `"${secret}"`, ` ${secret}\r\n`, new Secret(secret)];
    spellings.push(secret.replaceAll('=', ''), secret.replaceAll('/', '\\/'));
    for (const spelling of spellings) {
      expect(Buffer.from(decodeHmacSecret(spelling))).toEqual(bytes);
    }
  });

  const DEFECTS: readonly (readonly [string, string, string])[] = [
    ['nothing', ' ""', 'empty'],
    ['a PEM', `-----BEGIN PRIVATE KEY-----\n${secret}`, 'private-key'],
    ['a text cut off', secret.slice(0, 41), 'truncated'],
    ['a whole file', 'YWJj'.repeat(1_025), 'too-long'],
    ['a path', '/home/me/kraken.key', 'file-path'],
    ['a path that is base64 as well', '/home/me/key', 'file-path'],
    ['characters that base64 has not', `${secret.slice(0, 20)}$%&`, 'not-base64'],
  ];
  it.each(DEFECTS)('that is %s is refused by name and not quoted', (_name, text, defect) => {
    const error = catchError(() => decodeHmacSecret(text));
    expect(error).toMatchObject({ code: 'KEY_INVALID', facts: { defect } });
    expect(findLeak(error, secret)).toBeUndefined();
  });

  it('that is no text is refused by name', () => {
    const decodeAny = decodeHmacSecret as (value: unknown) => unknown;
    expect(catchError(() => decodeAny(undefined))).toMatchObject({ facts: { defect: 'empty' } });
    for (const value of [bytes, 7, new Secret(bytes)]) {
      expect(catchError(() => decodeAny(value))).toMatchObject({ facts: { defect: 'not-text' } });
    }
  });
});

describe('base64', () => {
  it('is decoded strictly, in both alphabets, padded or not', () => {
    expect(decodeBase64('+/+/')).toEqual(Buffer.of(0xfb, 0xff, 0xbf));
    expect(decodeBase64('-_-_')).toEqual(Buffer.of(0xfb, 0xff, 0xbf));
    expect(decodeBase64('AA')).toEqual(Buffer.of(0));
    expect(decodeBase64('AA==')).toEqual(Buffer.of(0));
    for (const wrong of ['A', 'AA=', 'AB==', '+_+_', 'AA AA', 'AAAA=', 'A\u00E9AA']) {
      expect(decodeBase64(wrong)).toBeUndefined();
    }
  });
});
