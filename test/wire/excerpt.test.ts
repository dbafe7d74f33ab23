import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../doubles/seeded-random.js';
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
    'key_id',
    'keyName',
    'authorization',
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

  it.each([
    '{"token":"1Dwc4lzSwNWO\\/AwkMdqhssNNFhs1ed606d1WcF3XfEMw"}',
    '{"password":"AwkM\\\\AwkM","next":"kept"}',
    '{"password":"AwkM2\\"AwkM-battery","next":"kept"}',
    '{"token":"abc\\u002bAwkM","next":"kept"}',
    '{"token":["AwkM"],"next":"kept"}',
    '{"otp":171717,"next":"kept"}',
    '{"sign":"AwkM","CB-ACCESS-SIGN":"AwkM"}',
    "{'secret': 'AwkM', 'next': 'kept'}",
    'Cookie: theme=dark; sid=AwkM\nhost: kept',
    'Authorization: Token AwkM\nhost: kept',
    'nonce=1&otp=171717&next=kept',
    'bad key\\nAwkM3dE5gH7jK9mN1pQ3rS5',
  ])('mask the whole value in %s', (text) => {
    for (const wrapped of [text, JSON.stringify(text), JSON.stringify(JSON.stringify(text))]) {
      expect(redactText(wrapped)).not.toMatch(/AwkM|171717|battery/);
      if (text.includes('kept') && wrapped === text) expect(redactText(text)).toContain('kept');
    }
  });

  it('mask tokens in fields however their slashes are written', () => {
    const random = createSeededRandom(11);
    for (let run = 0; run < 2_000; run += 1) {
      const token = Buffer.from(random.bytes(32)).toString('base64');
      const text = JSON.stringify({ token }).replaceAll('/', '\\/');
      expect(redactText(text)).toBe('{"token":"[secret]"}');
      expect(redactText(JSON.stringify(text))).toBe(JSON.stringify('{"token":"[secret]"}'));
    }
  });

  it('mask short keys and tokens wherever they stand', () => {
    const random = createSeededRandom(7);
    const draw = (alphabet: string, length: number): string =>
      Array.from({ length }, () => alphabet[Math.floor(random.fraction() * alphabet.length)]).join(
        '',
      );
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    const base64 = `${letters}${letters.toUpperCase()}0123456789+/`;
    for (const alphabet of [base64, `${base64.slice(0, 62)}-_`, '0123456789abcdef']) {
      let shown = 0;
      for (let run = 0; run < 1_000; run += 1) {
        const secret = draw(alphabet, 24 + (run % 16));
        const excerpt = excerptText(`["sign-in","${secret}"] ${secret}`);
        if (excerpt.includes(secret)) shown += 1;
      }
      // What is drawn may look like a word by chance.
      expect(shown, alphabet).toBeLessThan(10);
    }
    expect(redactText('Authorization: Bearer short next\nhost: kept')).toBe(
      'Authorization: [secret] host: kept',
    );
  });

  it.each([
    '{"channel":"l2_data","product_id":"BTC-PERP-20261225","side":"offer"}',
    '"event_time":"2026-08-09T21:05:48.123456789Z","trade_id":"0d2f1c3e-8a4b-4c5d-9e6f-7a8b9c0d1e2f"',
    '"order_id":"OQCLML-BW3P3-BUCMWZ","cl_ord_id":"my-own-order-of-today-17"',
    'MIT-26JUL24-CDE-1X2Y3Z 5m/15m/30m/1h/2h/4h/6h/12h/1d 1INCH-USD/0X-USD/2Z-USD',
    'Currency pair not in ISO 4217-A3 format XBT/USDX',
    'EGeneral:Invalid arguments:cl_ord_id, SubscriptionRefusedByTheVenue, no_such_product_category',
    'https://api.venue.test/api/v3/brokerage/market/products',
    '<html><head><title>502 Bad Gateway</title></head><body>cloudflare-nginx/1.25.3</body></html>',
    'XXBTZUSD PERP_ETHUSDT_20261225_3500_C 12345678901234567890123456789',
  ])('leave readable: %s', (text) => expect(redactText(text)).toBe(text));

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
