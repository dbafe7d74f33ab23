import { signCloud9TraderUpgrade } from '../venues/cloud9trader/auth.js';
import type { DoctorTask } from './doctor-task.js';
import { checkSocketEndpoint } from './doctor-endpoint.js';
import { findingOf } from './doctor-report.js';
import { CLOUD9TRADER_VARIABLES, explainMissingKey, findKeyPair } from './key-source.js';
import { diagnoseDial, probeSocket } from './socket-probe.js';

const VENUE = 'cloud9trader';
const URL_OF_VENUE = 'wss://sockets.cloud9trader.com/';

type Signed = () => Promise<Readonly<Record<string, string>>>;

/** Reads and judges the key; what comes back signs one attempt each time it is called. */
async function checkKey(task: DoctorTask): Promise<Signed | undefined> {
  const place = { venue: VENUE, check: 'key' } as const;
  try {
    const found = findKeyPair(task.io, task, CLOUD9TRADER_VARIABLES);
    if (!found) throw explainMissingKey(CLOUD9TRADER_VARIABLES);
    const { key, secret } = found;
    const sign: Signed = async () =>
      signCloud9TraderUpgrade({ key, secret, nowMs: task.io.runtime.clock.nowMs() });
    await sign();
    const text = `found in ${found.origin}: an API key with a base64 secret (HMAC-SHA256)`;
    task.report.add({ ...place, status: 'ok', text });
    return sign;
  } catch (error) {
    task.report.add(findingOf(place, error));
    return undefined;
  }
}

async function checkSignIn(task: DoctorTask, url: string, sign: Signed): Promise<void> {
  const place = { venue: VENUE, check: 'sign-in' } as const;
  const { timeoutMs, caPem } = task;
  const headers = await sign();
  const probe = await probeSocket(task.io.runtime, { url, timeoutMs, caPem, headers });
  if (!probe.close) {
    const text = 'the upgrade with signed headers was accepted';
    return task.report.add({ ...place, status: 'ok', text });
  }
  const { failure } = probe.close;
  const isRefused = failure?.kind === 'http-status' && [401, 403].includes(failure.status);
  const diagnosis = isRefused
    ? {
        code: 'AUTH_REFUSED' as const,
        text: `the upgrade was refused with HTTP status ${failure.status}`,
        next: 'check that the key exists and the secret is its own, and the clock as said above',
      }
    : diagnoseDial(url, probe.close);
  task.report.add({ ...place, status: 'problem', ...diagnosis });
}

/** Goes through everything a Cloud9Trader sign-in depends on. */
export async function examineCloud9Trader(task: DoctorTask): Promise<void> {
  const sign = await checkKey(task);
  const url = task.url ?? URL_OF_VENUE;
  const isReached = await checkSocketEndpoint(task, VENUE, [url]);
  const place = { venue: VENUE, check: 'sign-in' } as const;
  if (sign && isReached) return checkSignIn(task, url, sign);
  const reason = sign ? 'the endpoint does not answer' : 'there is no usable key';
  task.report.add({ ...place, status: 'skipped', text: `not tried: ${reason}` });
}
