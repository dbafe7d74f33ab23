import { describe, expect, it } from 'vitest';
import { createKrakenTokenStore } from '../../../../src/venues/kraken/server/token-store.js';
import { createSeededRandom } from '../../../doubles/seeded-random.js';
import { createVirtualTime } from '../../../doubles/virtual-time.js';

const REFUSED = { ok: false, error: 'ESession:Invalid session' };

function createStore(tokensMax?: number) {
  const time = createVirtualTime();
  const random = createSeededRandom(11);
  const store = createKrakenTokenStore({
    clock: time.clock,
    random,
    ...(tokensMax === undefined ? {} : { tokensMax }),
  });
  const issue = (key = 'K'): string => store.issue(key)?.token ?? 'none';
  return { time, store, issue };
}

describe('a WebSocket token', () => {
  it('is 43 characters of base64 and says 900 seconds', () => {
    const { store } = createStore();
    expect(store.issue('K')).toEqual({
      token: expect.stringMatching(/^[A-Za-z0-9+/]{43}$/) as unknown,
      expires: 900,
    });
  });

  it('is good until 900 seconds have passed', async () => {
    const { time, store, issue } = createStore();
    const token = issue();
    await time.advance(899_999);
    expect(store.use(token)).toEqual({ ok: true, key: 'K' });
    await time.advance(1);
    expect(store.use(token)).toEqual(REFUSED);
    expect(store.hold(token)).toEqual(REFUSED);
    expect(store.size).toBe(0);
  });

  it('lives on while any private subscription holds it, and ends with the last', async () => {
    const { time, store, issue } = createStore();
    const token = issue();
    store.hold(token);
    store.hold(token);
    await time.advance(86_400_000);
    expect(store.use(token)).toMatchObject({ ok: true });
    store.release(token);
    expect(store.use(token)).toMatchObject({ ok: true });
    store.release(token);
    expect(store.use(token)).toEqual(REFUSED);
  });

  it('that is released within its 900 seconds stays good until they end', async () => {
    const { time, store, issue } = createStore();
    const token = issue();
    store.hold(token);
    store.release(token);
    store.release(token);
    expect(store.use(token)).toMatchObject({ ok: true });
    await time.advance(900_000);
    expect(store.use(token)).toEqual(REFUSED);
  });

  it('ends at once when it, or its key, is revoked, held or not', () => {
    const { store, issue } = createStore();
    const [first, second, other] = [issue(), issue(), issue('L')];
    store.hold(first);
    store.revoke(first);
    expect(store.use(first)).toEqual(REFUSED);
    store.revokeKey('K');
    expect(store.use(second)).toEqual(REFUSED);
    expect(store.use(other)).toEqual({ ok: true, key: 'L' });
  });

  it('must be a text that was issued', () => {
    const { store } = createStore();
    for (const token of [undefined, 5, '', 'made up']) expect(store.use(token)).toEqual(REFUSED);
  });

  it('makes room by the oldest that nobody holds, never by one in use', () => {
    const { store, issue } = createStore(2);
    const [held, idle] = [issue(), issue()];
    store.hold(held);
    const next = issue();
    expect(store.use(idle)).toEqual(REFUSED);
    expect(store.use(held)).toMatchObject({ ok: true });
    store.hold(next);
    expect(store.issue('K')).toBeUndefined();
  });
});
