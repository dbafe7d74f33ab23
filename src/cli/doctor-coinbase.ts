import { openFeed } from '../feed/feed.js';
import { parsePrivateKey } from '../auth/key-material.js';
import { AuthError, ConnectionError, type ErrorCode, type TruefeedError } from '../model/error.js';
import type { FeedEvent } from '../model/event.js';
import { createCoinbaseJwtMinter, type CoinbaseCredentials } from '../venues/coinbase/auth.js';
import { coinbase, COINBASE_MARKET_URL, COINBASE_USER_URL } from '../venues/coinbase/index.js';
import { chooseCoinbaseEndpoints } from './venue-table.js';
import { checkSocketEndpoint, listSocketUrls } from './doctor-endpoint.js';
import { findingOf, type Finding } from './doctor-report.js';
import type { DoctorTask } from './doctor-task.js';
import { COINBASE_VARIABLES, explainMissingKey, findCoinbaseKey } from './key-source.js';

const VENUE = 'coinbase';
const SOCKETS = { market: COINBASE_MARKET_URL, user: COINBASE_USER_URL };
const ATTEMPTS_MAX = 3;
const REFUSALS = new Set<ErrorCode>(['AUTH_REFUSED', 'AUTH_CLOCK_SKEWED']);
/** The full name, or the bare id of newer keys. */
const USUAL_NAME =
  /^(organizations\/[^/]+\/apiKeys\/[^/]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** Reads and judges the key; undefined where it cannot be used, which is then in the report. */
function checkKey(task: DoctorTask): CoinbaseCredentials | undefined {
  const place = { venue: VENUE, check: 'key' } as const;
  try {
    const found = findCoinbaseKey(task.io, task);
    if (!found) throw explainMissingKey(COINBASE_VARIABLES);
    const credentials = { keyName: found.key, privateKey: found.secret };
    const parsed = parsePrivateKey(found.secret.reveal());
    createCoinbaseJwtMinter(credentials, task.io.runtime.random);
    const kind = parsed.algorithm === 'ES256' ? 'an ECDSA key on P-256' : 'an Ed25519 key';
    const text = `found in ${found.origin}: ${kind} (${parsed.algorithm}), ${parsed.form}`;
    task.report.add({ ...place, status: 'ok', text });
    if (!USUAL_NAME.test(found.key)) {
      task.report.add({
        ...place,
        status: 'warning',
        text: `the name of the key, '${found.key.slice(0, 80)}', does not look like one`,
        next: 'copy the whole name from the portal: organizations/…/apiKeys/…',
      });
    }
    return credentials;
  } catch (error) {
    task.report.add(findingOf(place, error));
    return undefined;
  }
}

async function checkToken(task: DoctorTask, credentials: CoinbaseCredentials): Promise<void> {
  const place = { venue: VENUE, check: 'token' } as const;
  const { clock, random } = task.io.runtime;
  try {
    const minter = createCoinbaseJwtMinter(credentials, random);
    const token = await minter.mint(clock.nowMs());
    const text = `a token was made (${minter.algorithm}, ${token.length} characters, 2 minutes)`;
    task.report.add({ ...place, status: 'ok', text });
  } catch (error) {
    task.report.add(findingOf(place, error));
  }
}

/** Subscribes to the user channel and waits for the venue's word on it. */
function trySignIn(task: DoctorTask, credentials: CoinbaseCredentials): Promise<FeedEvent> {
  const { runtime } = task.io;
  return new Promise((resolve, reject) => {
    let lastLoss: TruefeedError | undefined;
    const finish = (settle: () => void): void => {
      cancel();
      settle();
      void feed.close();
    };
    const cancel = runtime.timers.after(task.timeoutMs, () => {
      const seconds = Math.round(task.timeoutMs / 1000);
      const sentence = `No answer to the sign-in came within ${seconds} s.`;
      finish(() => reject(lastLoss ?? new ConnectionError('TIMED_OUT', sentence)));
    });
    const feed = openFeed({
      venue: coinbase(),
      endpoints: chooseCoinbaseEndpoints(task),
      credentials,
      subscriptions: [{ channel: 'user' }],
      runtime,
      maxAttempts: ATTEMPTS_MAX,
      caPem: task.caPem,
      // Deferred, because an event may come before `openFeed` has returned.
      onEvent: (event) => queueMicrotask(() => judge(event)),
    });
    const judge = (event: FeedEvent): void => {
      if (event.type === 'session.closed') lastLoss = event.error;
      const isOver = event.type === 'session.closed' && event.retryInMs === undefined;
      if (event.type === 'auth.accepted') finish(() => resolve(event));
      else if (event.type === 'auth.refused' && event.final) finish(() => reject(event.error));
      else if (isOver) finish(() => reject(event.error));
    };
  });
}

async function checkSignIn(task: DoctorTask, credentials: CoinbaseCredentials): Promise<void> {
  const place = { venue: VENUE, check: 'sign-in' } as const;
  try {
    await trySignIn(task, credentials);
    const text = 'the venue accepted the key for the user channel';
    task.report.add({ ...place, status: 'ok', text });
  } catch (error) {
    const isRefused = error instanceof AuthError && REFUSALS.has(error.code);
    task.report.add(isRefused ? explainRefusal(task, error) : findingOf(place, error));
  }
}

/** The venue has one sentence for every refusal; what was found before tells which one it is. */
function explainRefusal(task: DoctorTask, error: AuthError): Finding {
  const clock = task.report.findings.find((one) => one.venue === VENUE && one.check === 'clock');
  const isClockOff = clock?.status === 'problem' || clock?.status === 'warning';
  const next = isClockOff
    ? 'set the clock as said above, then run this again'
    : `the key is well formed${clock?.status === 'ok' ? ' and the clock agrees' : ''}, ` +
      'so the venue does not know this key under this name: check that name and key are from one ' +
      'download, that the key was not deleted, may view, and is not bound to other IP addresses';
  return {
    venue: VENUE,
    check: 'sign-in',
    status: 'problem',
    text: 'the venue refused the key for the user channel',
    next,
    code: error.code,
  };
}

/** Goes through everything a Coinbase sign-in depends on, in that order. */
export async function examineCoinbase(task: DoctorTask): Promise<void> {
  const credentials = checkKey(task);
  if (credentials) await checkToken(task, credentials);
  const isReached = await checkSocketEndpoint(task, VENUE, listSocketUrls(task, SOCKETS));
  const place = { venue: VENUE, check: 'sign-in' } as const;
  if (!credentials) {
    task.report.add({ ...place, status: 'skipped', text: 'not tried: there is no usable key' });
  } else if (!isReached) {
    task.report.add({ ...place, status: 'skipped', text: 'not tried: no endpoint answers' });
  } else {
    await checkSignIn(task, credentials);
  }
}
