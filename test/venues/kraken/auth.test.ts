import { existsSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createNonceSource } from '../../../src/auth/nonce.js';
import type { Signer } from '../../../src/model/auth.js';
import { ConnectionError } from '../../../src/model/error.js';
import type { HttpClient, HttpRequest } from '../../../src/model/runtime.js';
import { Secret } from '../../../src/model/secret.js';
import { krakenAuth } from '../../../src/venues/kraken/auth.js';
import {
  createKrakenSigner,
  explainKrakenSecret,
  parseKrakenCredentials,
} from '../../../src/venues/kraken/credentials.js';
import { KRAKEN_ERRORS, describeKrakenError } from '../../../src/venues/kraken/errors.js';
import { signKrakenRequest } from '../../../src/venues/kraken/request.js';
import { fetchKrakenToken } from '../../../src/venues/kraken/token.js';
import { createContext } from '../../auth/auth-context.js';
import { catchError, catchRejection, findLeak } from '../../auth/secret-leak.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';

/** The secret and the first signature are printed in the vendor's page on REST authentication. */
const secret =
  'kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==';
const TOKEN_PATH = '/0/private/GetWebSocketsToken';
const VECTORS = [
  {
    path: '/0/private/AddOrder',
    body: 'nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25',
    sign: '4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==',
  },
  {
    path: TOKEN_PATH,
    body: 'nonce=1616492376594',
    sign: '+mRDmY9Ks0Moc1zjv/BjfvYa98buO0x1yHChZR5onlfAzAUbfIYlLggUZzdQ0RsmXm4Sh+Q8iAIZdo2wSeHeiA==',
  },
  {
    path: TOKEN_PATH,
    body: '{"nonce":"1616492376594"}',
    sign: 'HPdpJhpIrtLjJZVt+Hh9BfWStC+WBySrpgTLHtVBJ7ZH9UdJOtersnssuRGVwxefF6bnUPz24Bq23UUmUtafXg==',
  },
] as const;
const vectorFile = new URL('../../../../shared/samples/kraken/doc-vectors.json', import.meta.url);

const signer = createKrakenSigner({ key: 'K', secret });

describe('the REST signature', () => {
  it.each(VECTORS)('is the known one for $path $body', ({ path, body, sign }) => {
    expect(signKrakenRequest({ path, nonce: 1616492376594n, body, signer })).toBe(sign);
  });

  it.skipIf(!existsSync(vectorFile))(
    'is that of every recorded vector (needs the samples beside the project)',
    () => {
      const { rest_signature: rows } = JSON.parse(readFileSync(vectorFile, 'utf8')) as {
        rest_signature: Record<'secret_b64' | 'path' | 'nonce' | 'body' | 'api_sign', string>[];
      };
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) {
        const own = createKrakenSigner({ key: 'K', secret: row.secret_b64 });
        const { path, nonce, body } = row;
        expect(signKrakenRequest({ path, nonce, body, signer: own })).toBe(row.api_sign);
      }
    },
  );
});

const TOKEN_BODY = JSON.stringify({
  error: [],
  result: { token: 'xeAQ/RCChBYNVh53sTv1yZ5H4wIbwDF20PiHtTF+4UI', expires: 900 },
}).replace('/', '\\/');

/** An HTTP client that answers from a list, the last one again and again. */
function createHttp(...answers: (string | { status: number; body: string } | Error)[]) {
  const requests: HttpRequest[] = [];
  const http: HttpClient = async (request) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(request);
    if (answer instanceof Error) throw answer;
    return typeof answer === 'string'
      ? { status: 200, body: answer, serverDateMs: 5 }
      : (answer ?? { status: 500, body: '' });
  };
  return { http, requests };
}

function refusal(...texts: string[]): string {
  return JSON.stringify({ error: texts });
}

function fetchWith(http: HttpClient, more: { otp?: string; restUrl?: string } = {}) {
  const nonces = createNonceSource({
    clock: { nowMs: () => 1_616_492_376_594, monotonicMs: () => 0 },
  });
  const { otp, restUrl } = more;
  return fetchKrakenToken({ key: 'PUBLIC', secret, otp }, { http, nonces, restUrl });
}

describe('fetching a token', () => {
  it('signs the very body that it sends', async () => {
    const { http, requests } = createHttp(TOKEN_BODY);
    const token = await fetchWith(http);
    expect(token.token.reveal()).toBe('xeAQ/RCChBYNVh53sTv1yZ5H4wIbwDF20PiHtTF+4UI');
    expect(token).toMatchObject({ expiresInS: 900, serverDateMs: 5 });
    expect(requests[0]).toMatchObject({
      method: 'POST',
      url: `https://api.kraken.com${TOKEN_PATH}`,
      body: VECTORS[1].body,
      headers: { 'API-Key': 'PUBLIC', 'API-Sign': VECTORS[1].sign },
    });
  });

  it('asks another address, signing the same path, and sends the second factor', async () => {
    const { http, requests } = createHttp(TOKEN_BODY);
    await fetchWith(http, { restUrl: 'http://127.0.0.1:9/base/', otp: 'a&b' });
    expect(requests[0]?.url).toBe(`http://127.0.0.1:9/base${TOKEN_PATH}`);
    expect(requests[0]?.body).toBe('nonce=1616492376594&otp=a%26b');
  });

  it('tries a refused nonce once more with a higher one', async () => {
    const { http, requests } = createHttp(refusal('EAPI:Invalid nonce'), TOKEN_BODY);
    await fetchWith(http);
    expect(requests.map((one) => one.body)).toEqual(['nonce=1616492376594', 'nonce=1616492376595']);
  });

  it('explains a nonce that is refused again', async () => {
    const { http, requests } = createHttp(refusal('EAPI:Invalid nonce'));
    const error = await catchRejection(fetchWith(http));
    expect(error).toMatchObject({ code: 'AUTH_NONCE_REFUSED', retryable: false });
    expect(String(error)).toContain('this key was last used with a larger nonce');
    expect(requests).toHaveLength(2);
  });

  const REFUSALS = [
    ['EAPI:Invalid key', 'AUTH_REFUSED'],
    ['EAPI:Invalid signature', 'AUTH_REFUSED'],
    ['EGeneral:Permission denied', 'AUTH_PERMISSION_DENIED'],
    ['EGeneral:Temporary lockout', 'AUTH_LOCKED_OUT'],
    ['EAPI:Rate limit exceeded', 'RATE_LIMITED'],
    ['EService: Throttled: 1616492376', 'RATE_LIMITED'],
    ['EService:Unavailable', 'VENUE_UNAVAILABLE'],
    ['EGeneral:Internal error:x', 'VENUE_UNAVAILABLE'],
    ['EGeneral:Invalid arguments', 'VENUE_REFUSED'],
    ['ESomething:New', 'VENUE_REFUSED'],
  ] as const;
  it.each(REFUSALS)('turns %s into %s', async (text, code) => {
    const { http, requests } = createHttp(refusal(text));
    const error = await catchRejection(fetchWith(http));
    expect(error).toMatchObject({ code, facts: { venueText: text } });
    expect(findLeak(error, secret)).toBeUndefined();
    expect(requests).toHaveLength(1);
  });

  it('says beside a signature that is refused that the secret has an unusual length', async () => {
    const { http } = createHttp(refusal('EAPI:Invalid signature'));
    const nonces = createNonceSource({ clock: createVirtualTime().clock });
    const fetchWithSecret = (cut: number) =>
      catchRejection(
        fetchKrakenToken({ key: 'PUBLIC', secret: secret.slice(0, cut) }, { http, nonces }),
      );
    const error = await fetchWithSecret(80);
    expect(error).toMatchObject({ code: 'AUTH_REFUSED' });
    expect(String(error)).toContain("decodes to 60 bytes, where Kraken's have 64");
    expect(findLeak(error, secret)).toBeUndefined();
    expect(String(await fetchWithSecret(88))).not.toContain('decodes to');
  });

  it('takes the quotes off a key, as off its secret', async () => {
    const { http, requests } = createHttp(TOKEN_BODY);
    const nonces = createNonceSource({ clock: createVirtualTime().clock });
    await fetchKrakenToken({ key: ' "PUBLIC"\n', secret: `"${secret}"` }, { http, nonces });
    expect(requests[0]?.headers?.['API-Key']).toBe('PUBLIC');
  });

  it('never sends a secret in the place of the key', async () => {
    const { http, requests } = createHttp(TOKEN_BODY);
    const nonces = createNonceSource({ clock: createVirtualTime().clock });
    const spellings = ['"', "'", '`', ',', '\\n', ' '].map((edge) => `${edge}${secret}${edge}`);
    for (const key of [...spellings, secret.replaceAll('/', '\\/')]) {
      const credentials = { key, secret: 'QUJDREVGR0hJSktMTU5PUA==' };
      const error = await catchRejection(fetchKrakenToken(credentials, { http, nonces }));
      expect(error).toMatchObject({ facts: { defect: 'key-is-secret' } });
    }
    const asked = fetchKrakenToken(
      { key: secret, secret: 'QUJDREVGR0hJSktMTU5PUA==' },
      { http, nonces },
    );
    const error = await catchRejection(asked);
    expect(error).toMatchObject({ code: 'KEY_INVALID', facts: { defect: 'key-is-secret' } });
    expect(findLeak(error, secret)).toBeUndefined();
    expect(requests).toEqual([]);
  });

  const DAMAGED = [
    ['EGenerabwDF20PiHtTF14UIy lockout', 'VENUE_REFUSED'],
    ['EGeneral:bwDF20PiHtTF14UIy', 'VENUE_REFUSED'],
    ['EGeneral:Temporary lockoutbwDF20PiHtTF14UIy', 'AUTH_LOCKED_OUT'],
    ['EAPI:Invalid key: bwDF20PiHtTF14UIy', 'AUTH_REFUSED'],
  ] as const;
  it.each(DAMAGED)('shows nothing that could be a piece of a token: %s', async (text, code) => {
    const error = await catchRejection(fetchWith(createHttp(refusal(text)).http));
    expect(error).toMatchObject({ code });
    expect(inspect(error)).not.toMatch(/bwDF20/);
  });

  it('passes over warnings beside a good answer', async () => {
    const body = TOKEN_BODY.replace('[]', '["WGeneral:Danger"]');
    expect((await fetchWith(createHttp(body).http)).expiresInS).toBe(900);
  });

  const STRANGE: readonly (readonly [string, number, string, string])[] = [
    ['a page of a proxy', 200, '<html>', 'HTTP_FAILED'],
    ['a number', 200, '5', 'HTTP_FAILED'],
    ['no result', 200, '{"error":[]}', 'HTTP_FAILED'],
    ['an empty token', 200, '{"error":[],"result":{"token":"","expires":900}}', 'HTTP_FAILED'],
    ['no time', 200, '{"error":[],"result":{"token":"x"}}', 'HTTP_FAILED'],
    ['an end in the past', 200, '{"error":[],"result":{"token":"x","expires":-1}}', 'HTTP_FAILED'],
    ['HTTP 502', 502, 'Bad gateway', 'HTTP_FAILED'],
    ['HTTP 429', 429, '', 'RATE_LIMITED'],
  ];
  it.each(STRANGE)('says what came instead of an answer: %s', async (...row) => {
    const [, status, body, code] = row;
    const error = await catchRejection(fetchWith(createHttp({ status, body }).http));
    expect(error).toMatchObject({ code, facts: { httpStatus: status } });
  });

  it('passes on a failure of the network as it is', async () => {
    const away = new ConnectionError('DIAL_FAILED', 'Away.');
    expect(await catchRejection(fetchWith(createHttp(away).http))).toBe(away);
  });
});

describe('the table of errors', () => {
  it('has a sentence for each, and cuts and cleans the words of the venue', () => {
    for (const { text, code } of KRAKEN_ERRORS) {
      const error = describeKrakenError(text);
      expect(error).toMatchObject({ code });
      expect(error.message).toMatch(/\.$/);
    }
    const long = describeKrakenError(`E${'x\n'.repeat(5_000)}`);
    expect(long.message.length).toBeLessThan(300);
    expect(long.message).not.toContain('\n');
  });
});

describe('credentials', () => {
  it('are read from a file', () => {
    const read = parseKrakenCredentials(JSON.stringify({ 'API-Key': 'PUBLIC', secret }));
    expect([read.key, read.secret.reveal()]).toEqual(['PUBLIC', secret]);
  });

  it('that are damaged are refused by name, without a trace', () => {
    const error = catchError(() => parseKrakenCredentials(`PUBLIC\n${secret.slice(0, 81)}`));
    expect(error).toMatchObject({ code: 'KEY_INVALID', facts: { defect: 'truncated' } });
    expect(findLeak(error, secret)).toBeUndefined();
  });

  it('of an unusual length are accepted with a remark', () => {
    expect(explainKrakenSecret(secret)).toBeUndefined();
    expect(explainKrakenSecret('AAAA')).toContain('3 bytes');
  });

  it('with a signer of another kind are refused', () => {
    const other: Signer = { algorithm: 'HMAC-SHA256', sign: () => new Uint8Array(32) };
    expect(catchError(() => createKrakenSigner({ key: 'K', signer: other }))).toMatchObject({
      facts: { defect: 'wrong-algorithm' },
    });
  });

  it('with a key that no header may hold are refused', () => {
    const { http } = createHttp(TOKEN_BODY);
    const { clock } = createVirtualTime();
    const create = (key: string) => catchError(() => krakenAuth({ key, secret }, { clock, http }));
    expect(create('')).toMatchObject({ code: 'KEY_MISSING' });
    expect(create('a\nb')).toMatchObject({ facts: { defect: 'key-damaged' } });
  });
});

describe('signing in', () => {
  function createStrategy() {
    const time = createVirtualTime();
    let count = 0;
    const requests: HttpRequest[] = [];
    const http: HttpClient = async (request) => {
      requests.push(request);
      count += 1;
      const result = { token: `token-${count}`, expires: 900 };
      return { status: 200, body: JSON.stringify({ error: [], result }) };
    };
    const credentials = { key: `K${Math.PI}`, secret: new Secret(secret) };
    const strategy = krakenAuth(credentials, { clock: time.clock, http });
    return { time, strategy, requests };
  }

  it('does not ask for a token again before a Retry-After is over', async () => {
    const time = createVirtualTime();
    const answers = [
      { status: 429, body: 'slow down', retryAfterMs: 20_000 },
      { status: 200, body: TOKEN_BODY },
    ];
    const http: HttpClient = async () => answers.shift() ?? Promise.reject(new Error('Too often'));
    const strategy = krakenAuth({ key: 'patient', secret }, { clock: time.clock, http });
    const sign = () => Promise.resolve(strategy.decorate?.({ method: 'x' }, createContext()));
    expect(await catchRejection(sign())).toMatchObject({ facts: { httpStatus: 429 } });
    await time.advance(19_999);
    expect(await catchRejection(sign())).toMatchObject({ facts: { retryAfterMs: 1 } });
    expect(answers).toHaveLength(1);
    await time.advance(1);
    expect(await sign()).toHaveProperty('params.token');
  });

  it('puts one token into the params of all messages of a connection', async () => {
    const { strategy } = createStrategy();
    const context = createContext();
    const message = { method: 'subscribe', params: { channel: 'executions' }, req_id: 7 };
    const first = await strategy.decorate?.(message, context);
    expect(first).toEqual({
      method: 'subscribe',
      params: { channel: 'executions', token: 'token-1' },
      req_id: 7,
    });
    expect(await strategy.decorate?.({ method: 'x' }, context)).toMatchObject({
      params: { token: 'token-1' },
    });
    expect(await strategy.decorate?.(message, createContext())).toMatchObject({
      params: { token: 'token-2' },
    });
    expect(message.params).toEqual({ channel: 'executions' });
  });

  it('puts the token where protocol v1 wants it', async () => {
    const { strategy } = createStrategy();
    const context = createContext();
    const subscribe = { event: 'subscribe', subscription: { name: 'ownTrades' } };
    expect(await strategy.decorate?.(subscribe, context)).toEqual({
      event: 'subscribe',
      subscription: { name: 'ownTrades', token: 'token-1' },
    });
    expect(await strategy.decorate?.({ event: 'cancelAll' }, context)).toEqual({
      event: 'cancelAll',
      token: 'token-1',
    });
  });

  it('sends rising nonces, also from two feeds with one key', async () => {
    const one = createStrategy();
    const two = createStrategy();
    const context = createContext();
    await Promise.all([one.strategy.decorate?.({}, context), two.strategy.decorate?.({}, context)]);
    const bodies = [...one.requests, ...two.requests].map((request) => request.body);
    expect(new Set(bodies).size).toBe(2);
  });
});
