/** Answers over HTTP and to upgrades, on both sides. */
import { generateKeyPairSync } from 'node:crypto';
import { readCoinbaseProducts } from '../../../src/cli/known-symbols.js';
import type { VenueServerRequest } from '../../../src/model/exchange.js';
import type { HttpResponse } from '../../../src/model/runtime.js';
import { Secret } from '../../../src/model/secret.js';
import { parseHttpDate } from '../../../src/runtime/http-date.js';
import { describeEnd } from '../../../src/session/close-error.js';
import { createHttpReader } from '../../../src/venues/cloud9trader/client/http.js';
import { createCoinbaseVerifier } from '../../../src/venues/coinbase/server/sign-in.js';
import { createCoinbaseJwtMinter } from '../../../src/venues/coinbase/auth.js';
import { fetchKrakenToken } from '../../../src/venues/kraken/token.js';
import { createSeededRandom } from '../../doubles/seeded-random.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';
import * as cloud9trader from '../../venues/cloud9trader/server/server-harness.js';
import * as coinbase from '../../venues/coinbase/server/server-harness.js';
import * as kraken from '../../venues/kraken/server/server-harness.js';
import { sign, TOKEN_PATH } from '../../venues/kraken/server/token-call.js';
import { require, type AnyFuzzSubject, type PlantedSecret } from '../subject.js';

const TOKEN = 'x5aQ0RCC7hBYNVh53sTv1yZ5H4wIbwDF20PiHtTF14UI';
const SECRETS: readonly PlantedSecret[] = [{ text: TOKEN, pieceCharacters: 12 }];

const respond = (body: string): HttpResponse => ({ status: 200, body, serverDateMs: undefined });

/** The client's readers. */
function clientSubjects(): AnyFuzzSubject[] {
  return [
    {
      name: 'answers/kraken-token',
      corpus: [
        `{"error":[],"result":{"token":"${TOKEN}","expires":900}}`,
        `{"error":["WGeneral:Warning"],"result":{"token":"${TOKEN}","expires":900}}`,
        `{"error":["EAPI:Invalid nonce"]}`,
        `{"error":["EGeneral:Temporary lockout"],"result":{"token":"${TOKEN}"}}`,
      ],
      codes: [
        'AUTH_REFUSED',
        'AUTH_NONCE_REFUSED',
        'AUTH_PERMISSION_DENIED',
        'AUTH_LOCKED_OUT',
        'AUTH_SESSION_INVALID',
        'HTTP_FAILED',
        'RATE_LIMITED',
        'VENUE_REFUSED',
        'VENUE_UNAVAILABLE',
        'AUTH_CLOCK_SKEWED',
        'KEY_INVALID',
        'SYMBOL_UNKNOWN',
        'SUBSCRIPTION_REFUSED',
        'ORDER_INVALID',
        'FRAME_INVALID',
      ],
      secrets: SECRETS,
      async readLater(bytes) {
        let nonce = 0n;
        const { token, expiresInS } = await fetchKrakenToken(
          { key: 'the-key', secret: Buffer.alloc(64).toString('base64') },
          {
            http: () => Promise.resolve(respond(bytes.toString())),
            nonces: { next: () => Promise.resolve((nonce += 1n)) },
          },
        );
        require(token instanceof Secret && token.reveal() !== '', 'No token');
        require(typeof expiresInS === 'number' && expiresInS > 0, 'No end', expiresInS);
      },
    },
    {
      name: 'answers/cloud9trader-client',
      corpus: [`[{"id":"1","broker":"Binance","symbol":"BTCUSDT","token":"${TOKEN}"}]`],
      codes: ['HTTP_FAILED'],
      secrets: SECRETS,
      async readLater(bytes) {
        const reader = createHttpReader({
          http: () => Promise.resolve(respond(bytes.toString())),
          key: 'the-key',
          apiUrl: 'https://a.test/v1',
          priceUrl: 'https://a.test',
        });
        await reader.readInstruments();
      },
    },
    {
      name: 'answers/coinbase-products',
      corpus: [
        '{"products":[{"product_id":"BTC-USD","alias":"","alias_to":["BTC-USDC"]},' +
          '{"product_id":"BTC-USDC","alias":"BTC-USD","alias_to":[]}],"num_products":2}',
      ],
      codes: [],
      read(bytes) {
        const names = readCoinbaseProducts(bytes.toString());
        require(names?.every((one) => typeof one === 'string') ?? true, 'No names', names);
      },
    },
    {
      name: 'answers/http-date',
      corpus: ['Sun, 09 Aug 2026 21:00:00 GMT', 'Sunday, 09-Aug-26 21:00:00 GMT', '0'],
      codes: [],
      read(bytes) {
        const dateMs = parseHttpDate(bytes.toString());
        require(dateMs === undefined || Number.isFinite(dateMs), 'No time', dateMs);
      },
    },
  ];
}

/** Ends of sockets in the words of a server, which may repeat what signed in. */
function endSubject(): AnyFuzzSubject {
  return {
    name: 'answers/socket-ends',
    corpus: [`bad token ${TOKEN}`, '', '{"message":"Unauthorized"}', `<h1>401</h1>${TOKEN}`],
    codes: [],
    read(bytes) {
      const text = bytes.toString();
      const base = { url: `wss://a.test/?token=${TOKEN}`, wasOpen: false, signedUpgrade: true };
      const failures = [
        undefined,
        { kind: 'http-status', status: 401, body: text } as const,
        { kind: 'http-status', status: 503, body: text } as const,
      ];
      for (const failure of failures) {
        const close = { code: 1006, reason: text, failure };
        const error = describeEnd({ ...base, close, secrets: [TOKEN] });
        require(/^\P{Cc}+$/u.test(error.message), 'Not to be printed', error.message);
        require(error.message.length < 1_000, 'Too long', error.message);
        const isHidden = !JSON.stringify([error.message, error.facts]).includes(TOKEN);
        require(isHidden, 'The token is shown', error.message);
      }
    },
  };
}

const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** The server's check of a token, and good ones. */
async function tokenSubject(): Promise<AnyFuzzSubject> {
  const { clock } = createVirtualTime();
  const privateKey = EC.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const minter = createCoinbaseJwtMinter({ keyName: 'k', privateKey }, createSeededRandom(1));
  const token = await minter.mint(clock.nowMs());
  const verifier = createCoinbaseVerifier({ keys: new Map([['k', EC.publicKey]]), clock });
  const texts = String(token).split('.');
  const open = texts.slice(0, 2).map((one) => Buffer.from(one, 'base64url').toString());
  return {
    name: 'answers/coinbase-sign-in',
    // The parts in clear, one a line, so that what is in them is changed and not only their text.
    corpus: [String(token), `${open.join('\n')}\n${texts[2]}`],
    codes: [],
    read(bytes) {
      const text = bytes.toString();
      const [header = '', claims = '', signature = ''] = text.split('\n');
      const encoded = [header, claims].map((one) => Buffer.from(one).toString('base64url'));
      for (const one of [text, `${encoded.join('.')}.${signature}`]) {
        const verdict = verifier.verify(one);
        require(verdict.ok || verdict.detail !== '', 'No reason', verdict);
        require(!verdict.ok || one === String(token), 'Another token was accepted', one);
      }
    },
  };
}

/** A REST request in lines: method, address, body, and headers as JSON. */
function toRequest(text: string): VenueServerRequest {
  const [method = '', address = '', body = '', headers = '{}'] = text.split('\n');
  const [path = '', query = ''] = address.split('?');
  let named: Record<string, string> = {};
  try {
    const value = JSON.parse(headers) as object | null;
    named = Object.fromEntries(Object.entries(value ?? {}).map(([name, one]) => [name, `${one}`]));
  } catch {
    // The host would have refused it: no headers then.
    named = {};
  }
  const rest = { query: new URLSearchParams(query), headers: named, body };
  return { method, path, remoteAddress: '127.0.0.1', ...rest };
}

/** What the servers answer over HTTP, and on what terms they open sockets. */
function restSubjects(): AnyFuzzSubject[] {
  const nonce = 'nonce=1616492376594';
  const signed = JSON.stringify({ 'api-key': kraken.API_KEY, 'api-sign': sign(TOKEN_PATH, nonce) });
  const headers = JSON.stringify(cloud9trader.signUpgrade(Date.UTC(2026, 7, 9, 21)));
  const servers = {
    coinbase: {
      open: () => coinbase.openScripted().server,
      corpus: [
        'GET\n/api/v3/brokerage/market/products?product_type=SPOT\n\n{}',
        'GET\n/api/v3/brokerage/products\n\n{"authorization":"Bearer good"}',
        'GET\n/v2/exchange-rates?currency=USD\n\n{}',
      ],
    },
    kraken: {
      open: () => kraken.openScripted().server,
      corpus: [
        `POST\n${TOKEN_PATH}\n${nonce}\n${signed}`,
        `POST\n${TOKEN_PATH}\n{"nonce":1616492376594123456}\n${signed}`,
        'GET\n/0/public/AssetPairs?pair=XBTUSD,XXBTZUSD\n\n{}',
        'GET\n/0/public/Assets?asset=XBT\n\n{}',
      ],
    },
    cloud9trader: {
      open: () => cloud9trader.openServer().server,
      corpus: [
        'GET\n/api/v1/instruments\n\n{}',
        `GET\n/historical?instrumentId=${cloud9trader.BTC}&start=2026-08-09T21:00:00Z&end=\n\n{}`,
        `GET\n/\n\n${headers}`,
      ],
    },
  };
  return Object.entries(servers).map(([venue, { open, corpus }]): AnyFuzzSubject => ({
    name: `rest/${venue}`,
    corpus,
    codes: [],
    read(bytes) {
      const server = open();
      const request = toRequest(bytes.toString());
      const answer = server.onHttp?.(request);
      require(answer === undefined || answer.status >= 200, 'No status', answer);
      if (answer?.headers?.['content-type']?.includes('json')) JSON.parse(answer.body);
      const upgrade = server.onUpgrade(request);
      require(['accept', 'refuse'].includes(upgrade.kind), 'No answer', upgrade);
      server.close();
    },
  }));
}

/** All of them. */
export async function answerSubjects(): Promise<AnyFuzzSubject[]> {
  return [...clientSubjects(), endSubject(), await tokenSubject(), ...restSubjects()];
}
