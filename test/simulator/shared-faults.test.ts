import { Agent, get } from 'node:https';
import { describe, expect, it } from 'vitest';
import { openFeed } from '../../src/index.js';
import { connectRaw, type RawClient } from './raw-client.js';
import { probe, signIn, VENUES, type Probe, type ProbedVenue } from './venue-probes.js';

async function withBook(run: Probe): Promise<RawClient> {
  const client = await run.dial();
  run.askBook(client);
  return client;
}

/** What the upgrade was answered. */
async function dialStatus(run: Probe): Promise<string> {
  try {
    await using client = await run.dial();
    return client.texts.length >= 0 ? '101' : '';
  } catch (error) {
    return /\d{3}/.exec((error as Error).message)?.[0] ?? (error as Error).message;
  }
}

const REST_PATHS: Readonly<Record<ProbedVenue, string>> = {
  coinbase: '/api/v3/brokerage/time',
  kraken: '/0/public/Time',
  cloud9trader: '/api/v1/instruments',
};

describe.concurrent.each(VENUES)('on the sockets of %s', (venue) => {
  it('half-open: nothing comes any more, pings are not answered, and TCP stays', async () => {
    await using run = await probe(venue, [{ fault: 'half-open', connection: 1 }]);
    await using dead = await withBook(run);
    await using alive = await withBook(run);
    dead.ping();
    dead.send('{}');
    // Two round trips on the other connection: the first would have been answered by then.
    for (const count of [1, 2]) {
      alive.ping();
      await alive.until('a pong', () => alive.pongs === count);
    }
    await alive.until('updates', () => alive.texts.filter(run.isUpdate).length > 2);
    expect([dead.pongs, dead.texts.filter(run.isUpdate)]).toEqual([0, []]);
    expect(run.control.connectionCount).toBe(2);
  });

  it('close-mid-frame: the client sees no close frame and no half of a text', async () => {
    await using run = await probe(venue, [{ fault: 'close-mid-frame', at: { count: 3 } }]);
    await using client = await withBook(run);
    expect((await client.closed).code).toBe(1006);
    expect(client.texts).toHaveLength(2);
  });

  it('drip: frames come whole and in order, however slowly', async () => {
    const rule = { fault: 'drip', at: { count: 2 }, bytesPerSecond: 40_000, forMs: 600 };
    await using run = await probe(venue, [rule]);
    await using client = await withBook(run);
    await client.until('updates', () => client.texts.filter(run.isUpdate).length > 5);
    expect(client.frames).toHaveLength(client.texts.length);
  });

  it('partial-snapshot and giant-snapshot: fewer levels, or far more', async () => {
    const rules = [
      { fault: 'partial-snapshot', connection: 2 },
      { fault: 'giant-snapshot', bytes: 300_000, connection: 3 },
    ];
    await using run = await probe(venue, rules);
    const counts: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await using client = await withBook(run);
      await client.until('a snapshot', () => client.texts.some(run.isSnapshot));
      counts.push(run.countLevels(client.texts.find(run.isSnapshot) ?? ''));
    }
    const [whole = 0, partial = 0, giant = 0] = counts;
    expect(partial).toBeLessThan(whole * 0.6);
    expect(partial).toBeGreaterThan(whole * 0.3);
    expect(giant).toBeGreaterThan(whole * 3);
  });

  it('update-before-snapshot: the snapshot follows an update', async () => {
    await using run = await probe(venue, [{ fault: 'update-before-snapshot' }]);
    await using client = await withBook(run);
    await client.until('a snapshot', () => client.texts.some(run.isSnapshot));
    const first = client.texts.findIndex(run.isUpdate);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThan(client.texts.findIndex(run.isSnapshot));
  });

  it('ban: closed, refused on sockets and REST, and let in again when it is lifted', async () => {
    await using run = await probe(venue);
    await using client = await withBook(run);
    await client.until('a frame', () => client.texts.length > 0);
    const id = run.control.addFault({ fault: 'ban' });
    expect(await client.closed).toEqual({ code: 1008, reason: 'banned' });
    expect(await dialStatus(run)).toBe('429');
    const answer = await fetch(`${run.restUrl}${REST_PATHS[venue]}`);
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toMatch(/^(600|5\d\d)$/);
    run.control.removeFault(id);
    expect(await dialStatus(run)).toBe('101');
  });

  it('maintenance at a frame: 1001, and 503 meanwhile', async () => {
    await using run = await probe(venue, [{ fault: 'maintenance', at: { count: 3 } }]);
    await using client = await withBook(run);
    expect(await client.closed).toEqual({ code: 1001, reason: 'maintenance' });
    expect(await dialStatus(run)).toBe('503');
    run.control.clearFaults();
    expect(await dialStatus(run)).toBe('101');
  });

  it.each([401, 403, 429, 500, 502, 503, 520])(
    'HTTP %i on REST and on the upgrade',
    async (status) => {
      const rules = [
        { fault: 'refuse-http', status, body: 'no', count: 1, path: REST_PATHS[venue] },
        { fault: 'refuse-upgrade', status, connection: 1 },
      ];
      await using run = await probe(venue, rules);
      const address = `${run.restUrl}${REST_PATHS[venue]}`;
      const refused = await fetch(address);
      expect([refused.status, await refused.text()]).toEqual([status, 'no']);
      expect((await fetch(address)).status).toBe(200);
      expect(await dialStatus(run)).toBe(String(status));
      expect(await dialStatus(run)).toBe('101');
      expect(run.control.requests.map((one) => one.status)).toEqual([status, 200, status, 101]);
    },
  );

  it('limit-messages: refused in the words of the venue', async () => {
    await using run = await probe(venue, [{ fault: 'limit-messages', count: 2, windowMs: 60_000 }]);
    await using client = await withBook(run);
    for (let round = 0; round < 3; round += 1) run.askBook(client);
    const words = /rate limit exceeded|Exceeded msg rate|Too many messages/i;
    await client.until('a refusal', () => client.texts.some((text) => words.test(text)));
  });

  it('clock-jump: the server says another time', async () => {
    await using run = await probe(venue, [{ fault: 'clock-jump', byMs: -3_600_000 }]);
    const { headers } = await fetch(`${run.restUrl}${REST_PATHS[venue]}`);
    const behindMs = Date.now() - Date.parse(headers.get('date') ?? '');
    expect(Math.abs(behindMs - 3_600_000)).toBeLessThan(60_000);
  });
});

describe.concurrent('close codes', () => {
  const codes = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];
  it.each([...codes, 1005, 3000, 4999])('%i reaches the client', async (code) => {
    await using run = await probe('coinbase', [{ fault: 'close', code, at: { count: 1 } }]);
    await using client = await withBook(run);
    expect((await client.closed).code).toBe(code);
  });
});

const DEFECTS = ['expired', 'revoked', 'replayed', 'not-yet-valid'] as const;

describe.concurrent.each(VENUES)('credentials at %s', (venue) => {
  it.each(DEFECTS)(
    'that are right are refused as %s, and taken once the rule is gone',
    async (as) => {
      if (venue === 'kraken' && as === 'not-yet-valid') {
        await expect(probe(venue, [{ fault: 'refuse-credentials', as }])).rejects.toThrow(
          'rules.0.as',
        );
        return;
      }
      await using run = await probe(venue, [{ fault: 'refuse-credentials', as }]);
      expect(await signIn(run)).toMatch(/^AUTH_/);
      expect(run.control.faults[0]?.strikes).toBeGreaterThan(0);
      run.control.clearFaults();
      expect(await signIn(run)).toBe('accepted');
    },
  );
});

describe.concurrent('revoke-tokens', () => {
  it.each([
    ['coinbase', /^frame.refused .*subscription.refused .*account.restored$/],
    ['cloud9trader', /^session.closed .*auth.accepted .*account.restored$/],
  ] as const)('at %s: what was signed in ends, and the client comes back', async (venue, story) => {
    await using run = await probe(venue);
    const channel = run.accountChannel;
    await using feed = openFeed({ ...run.client, subscriptions: [{ channel }] });
    const told: string[] = [];
    let isRevoked = false;
    for await (const { type } of feed.events()) {
      if (isRevoked) told.push(type);
      if (isRevoked && type === 'account.restored') break;
      if (isRevoked || type !== 'subscription.accepted') continue;
      isRevoked = true;
      run.control.addFault({ fault: 'revoke-tokens' });
    }
    expect(told.join(' ')).toMatch(story);
  });
});

/** What a client that trusts the simulator finds wrong with the certificate. */
function judgeCertificate({ restUrl, caPem }: Probe, venue: ProbedVenue): Promise<string> {
  return new Promise((resolve) => {
    const agent = new Agent({ ca: caPem, maxCachedSessions: 0 });
    get(`${restUrl}${REST_PATHS[venue]}`, { agent }, (response) => {
      response.resume();
      resolve(String(response.statusCode));
    }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

describe.concurrent('tls-certificate', () => {
  it.each([
    ['expired', 'CERT_HAS_EXPIRED'],
    ['not-yet-valid', 'CERT_NOT_YET_VALID'],
    ['wrong-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ] as const)('%s: from the start, and at any time', async (how, code) => {
    const rule = { fault: 'tls-certificate', how };
    await using run = await probe('kraken', [rule], { tls: true });
    expect(await judgeCertificate(run, 'kraken')).toBe(code);
    run.control.clearFaults();
    expect(await judgeCertificate(run, 'kraken')).toBe('200');
    await using client = await withBook(run);
    run.control.addFault(rule);
    expect(await judgeCertificate(run, 'kraken')).toBe(code);
    // Those who are connected do not notice.
    await client.until('updates', () => client.texts.filter(run.isUpdate).length > 1);
  });

  it('half-open and close-mid-frame work under TLS too', async () => {
    const rules = [
      { fault: 'half-open', connection: 1 },
      { fault: 'close-mid-frame', connection: 2 },
    ];
    await using run = await probe('coinbase', rules, { tls: true });
    await using dead = await withBook(run);
    await using cut = await withBook(run);
    expect((await cut.closed).code).toBe(1006);
    await dead.until('the frame', () => dead.texts.length === 1);
    expect([dead.texts.length, run.control.connectionCount]).toEqual([1, 1]);
  });
});

describe('rules for several exchanges', () => {
  it('go to the venue that each names', async () => {
    const { simulate } = await import('../../src/simulator/index.js');
    const rules = [
      { venue: 'kraken', fault: 'refuse-upgrade', status: 503 },
      { venue: 'coinbase', fault: 'refuse-upgrade', status: 429 },
    ];
    await using exchange = await simulate({
      venues: { coinbase: {}, kraken: {}, cloud9trader: {} },
      faults: { rules },
    });
    const { coinbase, kraken, cloud9trader } = exchange.venues;
    await expect(connectRaw(kraken.wsUrl)).rejects.toThrow('503');
    await expect(connectRaw(coinbase.wsUrl)).rejects.toThrow('429');
    await using client = await connectRaw(cloud9trader.wsUrl);
    expect(client.texts).toEqual([]);
  });

  it('are refused where they name none', async () => {
    const { simulate } = await import('../../src/simulator/index.js');
    const options = {
      venues: { coinbase: {}, kraken: {} },
      faults: { rules: [{ fault: 'drop' }] },
    };
    await expect(simulate(options)).rejects.toThrow(
      'rules.0.venue is wrong: it is missing; 2 exchanges run, so a rule names one of',
    );
  });
});
