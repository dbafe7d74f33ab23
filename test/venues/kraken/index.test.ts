import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/model/error.js';
import type { HttpRequest } from '../../../src/model/runtime.js';
import type { AuthTools, Venue } from '../../../src/model/venue.js';
import {
  kraken,
  KRAKEN_LEVEL3_URL,
  KRAKEN_MARKET_URL,
  krakenV1,
  type KrakenCredentials,
} from '../../../src/venues/kraken/index.js';
import { createSeededRandom } from '../../doubles/seeded-random.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';
import { THROW_AWAY_SECRET } from './fixtures.js';

const urlOf = (venue: Venue<KrakenCredentials>, name: string): string | undefined =>
  venue.endpoints.find((endpoint) => endpoint.name === name)?.url;

/** Where the token is asked for when the first private message is due. */
async function findTokenUrl(venue: Venue<KrakenCredentials>): Promise<string | undefined> {
  const time = createVirtualTime();
  const asked: HttpRequest[] = [];
  const tools: AuthTools = {
    clock: time.clock,
    timers: time.timers,
    random: createSeededRandom(1),
    http: (one) => {
      asked.push(one);
      return Promise.resolve({
        status: 200,
        body: '{"error":[],"result":{"token":"a-token","expires":900}}',
      });
    },
  };
  const strategy = venue.createAuth({ key: 'a-key', secret: THROW_AWAY_SECRET }, tools);
  const url = urlOf(venue, 'level3') ?? '';
  const context = { ...tools, nowMs: () => 0, url, attempt: 1, connection: {} };
  await strategy.decorate?.({ method: 'subscribe', params: {} }, context);
  return asked[0]?.url;
}

describe('the addresses of Kraken', () => {
  it("are the venue's own unless others are given", async () => {
    expect(urlOf(kraken(), 'market')).toBe(KRAKEN_MARKET_URL);
    expect(urlOf(kraken(), 'level3')).toBe(KRAKEN_LEVEL3_URL);
    expect(urlOf(krakenV1(), 'market')).toBe('wss://ws.kraken.com');
    const tokenUrl = 'https://api.kraken.com/0/private/GetWebSocketsToken';
    expect(await findTokenUrl(kraken())).toBe(tokenUrl);
    const other = kraken({ marketUrl: 'wss://beta-ws.kraken.com/v2' });
    expect(await findTokenUrl(other)).toBe(tokenUrl);
  });

  it('follow the address of the market where no other is given', () => {
    const venue = kraken({ marketUrl: 'ws://127.0.0.1:8080/v2' });
    expect(venue.endpoints.map(({ url }) => url)).toEqual(Array(3).fill('ws://127.0.0.1:8080/v2'));
    const level3Url = 'ws://127.0.0.1:8081/v2';
    expect(urlOf(kraken({ level3Url }), 'level3')).toBe(level3Url);
    expect(urlOf(kraken({ level3Url }), 'market')).toBe(KRAKEN_MARKET_URL);
  });

  it("keep a gateway's key away from the venue, and the venue's from the gateway", async () => {
    const local = kraken({ marketUrl: 'ws://127.0.0.1:8080/v2' });
    const path = '/0/private/GetWebSocketsToken';
    expect(await findTokenUrl(local)).toBe(`http://127.0.0.1:8080${path}`);
    const secure = kraken({ marketUrl: 'wss://gateway.example/v2' });
    expect(await findTokenUrl(secure)).toBe(`https://gateway.example${path}`);
    const named = kraken({ marketUrl: 'ws://127.0.0.1:1/v2', restUrl: 'http://127.0.0.1:2' });
    expect(await findTokenUrl(named)).toBe(`http://127.0.0.1:2${path}`);
  });

  it.each([
    [{ marketUrl: 'https://ws.kraken.com' }, 'marketUrl'],
    [{ authUrl: 'nonsense' }, 'authUrl'],
    [{ level3Url: '' }, 'level3Url'],
    [{ restUrl: 'ws://127.0.0.1' }, 'restUrl'],
  ])('refuse what cannot be dialled: %j', (options, option) => {
    const refusal = catchError(() => kraken(options));
    expect(refusal).toBeInstanceOf(ConfigError);
    expect(refusal).toMatchObject({ code: 'OPTION_INVALID', facts: { option } });
  });
});

describe('the options of Kraken', () => {
  it('refuse a depth or a candle that the venue does not offer', () => {
    const odd = { bookDepth: 11, candleMinutes: 7 } as unknown as { bookDepth: 10 };
    expect(catchError(() => kraken(odd))).toMatchObject({ facts: { option: 'bookDepth' } });
    const minutes = { candleMinutes: 7 } as unknown as { candleMinutes: 5 };
    expect(catchError(() => krakenV1(minutes))).toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining('offers 1, 5, 15') as string,
    });
  });
});

function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
