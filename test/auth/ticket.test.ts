import { describe, expect, it } from 'vitest';
import { createTicketCache, type Ticket } from '../../src/auth/ticket-cache.js';
import { ticket } from '../../src/auth/ticket.js';
import { ConnectionError } from '../../src/model/error.js';
import type { RefusalMessage } from '../../src/model/message.js';
import { Secret } from '../../src/model/secret.js';
import { createVirtualTime, settle } from '../doubles/virtual-time.js';
import { createContext } from './auth-context.js';
import { catchRejection } from './secret-leak.js';

const LIFE_MS = 900_000;

/** A venue that numbers its tickets and may be made to wait or fail. */
function createIssuer(time = createVirtualTime()) {
  let issued = 0;
  let running = 0;
  let runningMax = 0;
  let failure: Error | undefined;
  let gate: Promise<void> | undefined;
  return {
    time,
    async issue(): Promise<Ticket> {
      running += 1;
      runningMax = Math.max(runningMax, running);
      await gate;
      await Promise.resolve();
      running -= 1;
      if (failure) throw failure;
      issued += 1;
      return {
        value: new Secret(`ticket ${issued}`),
        expiresAtMs: time.clock.nowMs() + LIFE_MS,
      };
    },
    fail: (error: Error | undefined) => void (failure = error),
    close(): () => void {
      let open = (): void => undefined;
      gate = new Promise((resolve) => (open = resolve));
      return () => {
        gate = undefined;
        open();
      };
    },
    issued: () => issued,
    runningMax: () => runningMax,
  };
}

/** A venue that does not answer its first request before `end`. */
function createStuckIssuer() {
  const time = createVirtualTime();
  let asked = 0;
  let end = (): void => undefined;
  return {
    time,
    issue: async (): Promise<Ticket> => {
      asked += 1;
      if (asked === 1) await new Promise<void>((resolve) => (end = resolve));
      return { value: new Secret(`ticket ${asked}`), expiresAtMs: time.clock.nowMs() + LIFE_MS };
    },
    asked: () => asked,
    end: () => end(),
  };
}

type Issuer = ReturnType<typeof createIssuer>;

function createCache(issuer: Issuer, more: { shared?: boolean; refreshRatio?: number } = {}) {
  return createTicketCache({ issue: () => issuer.issue(), clock: issuer.time.clock, ...more });
}

const reveal = (one: Ticket): string => one.value.reveal();

describe('a ticket cache', () => {
  it.each([false, true])(
    'is not held up by a request that never ends (shared: %s)',
    async (shared) => {
      const { time, issue, asked } = createStuckIssuer();
      const cache = createTicketCache({ issue, clock: time.clock, shared });
      const first = {};
      const outcomes: string[] = [];
      const ask = (holder: object): void => {
        const note = (text: string): void => void outcomes.push(text);
        cache.get(holder).then(
          (one) => note(reveal(one)),
          (error: unknown) => note(String(error)),
        );
      };
      ask(first);
      ask({});
      await time.advance(14_999);
      expect([asked(), outcomes]).toEqual([1, []]);
      await time.advance(1);
      ask(first);
      ask({});
      await settle();
      expect(outcomes).toEqual(shared ? ['ticket 2', 'ticket 2'] : ['ticket 2', 'ticket 3']);
    },
  );

  it('begins nothing that waited behind a request given up, when that ends after all', async () => {
    const { time, issue, asked, end } = createStuckIssuer();
    const cache = createTicketCache({ issue, clock: time.clock });
    const late = cache.get({});
    const behind = catchRejection(cache.get({}));
    await time.advance(15_000);
    expect(reveal(await cache.get({}))).toBe('ticket 2');
    end();
    await late;
    expect(await behind).toMatchObject({ code: 'TIMED_OUT' });
    expect(asked()).toBe(2);
  });

  it('asks once for all that wait', async () => {
    const issuer = createIssuer();
    const cache = createCache(issuer);
    const holder = {};
    const tickets = await Promise.all(Array.from({ length: 20 }, () => cache.get(holder)));
    expect(new Set(tickets.map(reveal))).toEqual(new Set(['ticket 1']));
    expect(reveal(await cache.get(holder))).toBe('ticket 1');
  });

  it('gives each connection a ticket of its own, fetched one after another', async () => {
    const issuer = createIssuer();
    const cache = createCache(issuer);
    const tickets = await Promise.all([{}, {}, {}].map((holder) => cache.get(holder)));
    expect(tickets.map(reveal)).toEqual(['ticket 1', 'ticket 2', 'ticket 3']);
    expect(issuer.runningMax()).toBe(1);
  });

  it('gives all the same where asked to', async () => {
    const issuer = createIssuer();
    const cache = createCache(issuer, { shared: true });
    const tickets = await Promise.all([{}, {}, {}].map((holder) => cache.get(holder)));
    expect(new Set(tickets.map(reveal)).size).toBe(1);
  });

  it('renews before the end', async () => {
    const issuer = createIssuer();
    const cache = createCache(issuer);
    const holder = {};
    await cache.get(holder);
    await issuer.time.advance(LIFE_MS * 0.8 - 1);
    expect(reveal(await cache.get(holder))).toBe('ticket 1');
    await issuer.time.advance(1);
    expect(reveal(await cache.get(holder))).toBe('ticket 2');
  });

  it('serves a ticket to its end where the renewal fails, and not beyond', async () => {
    const issuer = createIssuer();
    const cache = createCache(issuer);
    const holder = {};
    await cache.get(holder);
    await issuer.time.advance(LIFE_MS * 0.9);
    const away = new ConnectionError('HTTP_FAILED', 'Away.');
    issuer.fail(away);
    expect(reveal(await cache.get(holder))).toBe('ticket 1');
    await issuer.time.advance(LIFE_MS * 0.1);
    expect(await catchRejection(cache.get(holder))).toBe(away);
    issuer.fail(undefined);
    expect(reveal(await cache.get(holder))).toBe('ticket 2');
  });

  it('forgets the ticket that was refused, and no newer one', async () => {
    const issuer = createIssuer();
    const cache = createCache(issuer);
    const holder = {};
    const refused = await cache.get(holder);
    cache.invalidate(holder, refused);
    const open = issuer.close();
    const next = cache.get(holder);
    await settle();
    cache.invalidate(holder, refused);
    open();
    expect(reveal(await next)).toBe('ticket 2');
    cache.invalidate(holder, refused);
    expect(reveal(await cache.get(holder))).toBe('ticket 2');
  });

  it('goes on after a failure and tells every waiter of it', async () => {
    const issuer = createIssuer();
    const cache = createCache(issuer);
    issuer.fail(new ConnectionError('HTTP_FAILED', 'Away.'));
    const results = await Promise.allSettled([cache.get({}), cache.get({})]);
    expect(results.map((one) => one.status)).toEqual(['rejected', 'rejected']);
    issuer.fail(undefined);
    expect(reveal(await cache.get({}))).toBe('ticket 1');
  });

  it('refuses more waiting connections than a hundred', async () => {
    const issuer = createIssuer();
    const cache = createCache(issuer);
    const open = issuer.close();
    const waiting = Array.from({ length: 100 }, () => cache.get({}));
    const error = await catchRejection(cache.get({}));
    expect(error).toMatchObject({ code: 'RATE_LIMITED' });
    open();
    expect((await Promise.all(waiting)).length).toBe(100);
  });

  it('takes no ticket whose end is no time', async () => {
    const issue = async (): Promise<Ticket> => ({ value: new Secret('t'), expiresAtMs: NaN });
    const cache = createTicketCache({ issue, clock: createVirtualTime().clock });
    expect(await catchRejection(cache.get({}))).toBeInstanceOf(RangeError);
  });

  it('takes no senseless refresh ratio', () => {
    const issuer = createIssuer();
    expect(() => createCache(issuer, { refreshRatio: 0 })).toThrow(RangeError);
    expect(() => createCache(issuer, { refreshRatio: 1.1 })).toThrow(RangeError);
  });
});

describe('signing in with a ticket', () => {
  const dead: RefusalMessage = {
    type: 'request.refused',
    code: 'AUTH_SESSION_INVALID',
    venueText: 'Invalid session',
    likelyCause: '',
  };

  function createStrategy(issuer: Issuer) {
    return ticket({
      cache: createCache(issuer),
      place: (message, value) => ({ ...message, ticket: value }),
    });
  }

  it('uses one ticket for the messages of a connection, and a fresh one for the next', async () => {
    const strategy = createStrategy(createIssuer());
    const context = createContext();
    const message = { method: 'subscribe' };
    expect(await strategy.decorate?.(message, context)).toMatchObject({ ticket: 'ticket 1' });
    expect(await strategy.decorate?.(message, context)).toMatchObject({ ticket: 'ticket 1' });
    const next = createContext();
    expect(await strategy.decorate?.(message, next)).toMatchObject({ ticket: 'ticket 2' });
    expect(message).toEqual({ method: 'subscribe' });
  });

  it('asks for no ticket where a connection is dialled', () => {
    // What is public needs none, and may be all that the connection is for.
    expect(createStrategy(createIssuer())).not.toHaveProperty('prepareDial');
  });

  it('renews when the venue calls the ticket dead, and at nothing else', async () => {
    const strategy = createStrategy(createIssuer());
    const context = createContext();
    await strategy.decorate?.({}, context);
    expect(strategy.inspect?.({ ...dead, code: 'VENUE_REFUSED' })).toBe('pass');
    expect(strategy.inspect?.({ type: 'heartbeat', counter: 1, venueAtMs: 1 })).toBe('pass');
    expect(strategy.inspect?.(dead)).toBe('renew');
    await strategy.renew?.(context);
    expect(await strategy.decorate?.({}, context)).toMatchObject({ ticket: 'ticket 2' });
  });

  it('renews once for several messages refused with one ticket', async () => {
    const issuer = createIssuer();
    const strategy = createStrategy(issuer);
    const context = createContext();
    await strategy.decorate?.({}, context);
    await Promise.all([strategy.renew?.(context), strategy.renew?.(context)]);
    await strategy.renew?.(context);
    expect(issuer.issued()).toBe(2);
    expect(await strategy.decorate?.({}, context)).toMatchObject({ ticket: 'ticket 2' });
  });

  it('keeps several connections to one address apart, also where one is refused', async () => {
    const strategy = createStrategy(createIssuer());
    const [one, two] = [createContext(), createContext()];
    expect(await strategy.decorate?.({}, one)).toMatchObject({ ticket: 'ticket 1' });
    expect(await strategy.decorate?.({}, two)).toMatchObject({ ticket: 'ticket 2' });
    expect(await strategy.decorate?.({}, one)).toMatchObject({ ticket: 'ticket 1' });
    await strategy.renew?.(one);
    expect(await strategy.decorate?.({}, one)).toMatchObject({ ticket: 'ticket 3' });
    expect(await strategy.decorate?.({}, two)).toMatchObject({ ticket: 'ticket 2' });
  });
});
