import { describe, expect, it } from 'vitest';
import { ConfigError, ERROR_RULES } from '../../../src/model/error.js';
import { REFUSAL_RULES } from '../../../src/venues/cloud9trader/errors.js';
import {
  CLOUD9TRADER_URL,
  cloud9trader,
  type Cloud9TraderOptions,
} from '../../../src/venues/cloud9trader/index.js';
import { createContext } from '../../auth/auth-context.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';
import { createSeededRandom } from '../../doubles/seeded-random.js';

const credentials = { key: 'OWN', secret: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=' };

function urlOf(options: Cloud9TraderOptions): string {
  return cloud9trader(options)
    .endpoints.map(({ url }) => url)
    .join();
}

describe('cloud9trader()', () => {
  it('dials the one documented address, without a key', () => {
    expect(urlOf({})).toBe(CLOUD9TRADER_URL);
  });

  it('adds a public key as the library does, but encoded, and keeps what else is there', () => {
    expect(urlOf({ key: 'PUBKEY' })).toBe('wss://sockets.cloud9trader.com/?key=PUBKEY');
    expect(urlOf({ key: 'a&b=c', url: 'ws://127.0.0.1:1/path?x=1' })).toBe(
      'ws://127.0.0.1:1/path?x=1&key=a%26b%3Dc',
    );
  });

  it.each(['', 'localhost:80', 'https://sockets.cloud9trader.com'])(
    'refuses the address %j before dialling',
    (url) => expect(() => cloud9trader({ url })).toThrow(ConfigError),
  );

  it('signs an upgrade without the public key beside it', async () => {
    const time = createVirtualTime();
    const venue = cloud9trader({ key: 'PUBKEY' });
    const auth = venue.createAuth(credentials, {
      clock: time.clock,
      timers: time.timers,
      random: createSeededRandom(1),
      http: () => Promise.reject(new Error('There is no network in this test.')),
    });
    const dial = await auth.prepareDial?.(createContext({ url: urlOf({ key: 'PUBKEY' }) }));
    expect(dial?.url).toBe('wss://sockets.cloud9trader.com/');
    expect(dial?.headers).toMatchObject({ 'x-c9t-key': 'OWN' });
    const plain = await auth.prepareDial?.(createContext({ url: CLOUD9TRADER_URL }));
    expect(plain?.url).toBeUndefined();
  });

  it('has no heartbeat, no acknowledgements, and books that heal by a request', () => {
    const venue = cloud9trader();
    expect(venue.acknowledges).toBe('none');
    expect(venue.liveness).toMatchObject({ pongProvesLife: true });
    expect(venue.liveness.heartbeatChannel).toBeUndefined();
    expect(venue.book.recovery).toEqual(['request-snapshot', 'reconnect']);
  });
});

describe('the table of refusals', () => {
  it('has codes that exist and sentences for people', () => {
    for (const { code, likelyCause } of REFUSAL_RULES) {
      expect(Object.keys(ERROR_RULES)).toContain(code);
      expect(likelyCause).toMatch(/\.$/);
    }
  });
});
