import { chooseRestUrl, KRAKEN_AUTH_URL, KRAKEN_MARKET_URL } from '../venues/kraken/addresses.js';
import { explainKrakenSecret } from '../venues/kraken/credentials.js';
import { describeClock, measureSkewMs } from './doctor-clock.js';
import type { DoctorTask } from './doctor-task.js';
import { askHttp, dialEndpoints, listSocketUrls } from './doctor-endpoint.js';
import { findingOf } from './doctor-report.js';
import { formatDuration } from './duration.js';
import { explainMissingKey, findKeyPair, KRAKEN_VARIABLES, type FoundKey } from './key-source.js';
import { fetchTokenFor } from './token-run.js';

const VENUE = 'kraken';
/** The same hosts speak both protocols. */
const SOCKETS = { market: KRAKEN_MARKET_URL, user: KRAKEN_AUTH_URL };
const TIME_PATH = '/0/public/Time';

function checkKey(task: DoctorTask): FoundKey | undefined {
  const place = { venue: VENUE, check: 'key' } as const;
  try {
    const found = findKeyPair(task.io, task, KRAKEN_VARIABLES);
    if (!found) throw explainMissingKey(KRAKEN_VARIABLES);
    const remark = explainKrakenSecret(found.secret);
    const text = `found in ${found.origin}: an API key with a base64 secret (HMAC-SHA512)`;
    task.report.add({ ...place, status: 'ok', text });
    if (remark !== undefined) task.report.add({ ...place, status: 'warning', text: remark });
    return found;
  } catch (error) {
    task.report.add(findingOf(place, error));
    return undefined;
  }
}

/** As in the other commands: the host of the sockets, so that no other is asked with its key. */
function findRestUrl({ restUrl, userUrl, url }: DoctorTask): string {
  return chooseRestUrl(restUrl, userUrl ?? url ?? KRAKEN_AUTH_URL);
}

async function checkEndpoint(task: DoctorTask): Promise<boolean> {
  const place = { venue: VENUE, check: 'endpoint' } as const;
  const url = `${findRestUrl(task).replace(/\/$/, '')}${TIME_PATH}`;
  try {
    const { response, sentAtMs, receivedAtMs } = await askHttp(task, url);
    const elapsed = formatDuration(receivedAtMs - sentAtMs);
    const isGood = response.status < 500;
    const text = `${url} answers in ${elapsed} with status ${response.status}`;
    task.report.add({ ...place, status: isGood ? 'ok' : 'problem', text });
    const { serverDateMs } = response;
    const skewMs =
      serverDateMs === undefined ? undefined : measureSkewMs(serverDateMs, sentAtMs, receivedAtMs);
    task.report.add(describeClock(VENUE, skewMs));
    return isGood;
  } catch (error) {
    task.report.add(findingOf(place, error));
    task.report.add(describeClock(VENUE, undefined));
    return false;
  }
}

/** Goes through everything a Kraken sign-in depends on, and dials where its token is taken. */
export async function examineKraken(task: DoctorTask): Promise<void> {
  const found = checkKey(task);
  await dialEndpoints(task, VENUE, listSocketUrls(task, SOCKETS));
  const isReached = await checkEndpoint(task);
  const place = { venue: VENUE, check: 'sign-in' } as const;
  if (!found || !isReached) {
    const reason = found ? 'the endpoint does not answer' : 'there is no usable key';
    task.report.add({ ...place, status: 'skipped', text: `not tried: ${reason}` });
    return;
  }
  try {
    const { expiresInS } = await fetchTokenFor(task.io, found, {
      restUrl: findRestUrl(task),
      nonceScale: task.nonceScale,
    });
    const text = `the venue issued a WebSocket token, to be used within ${expiresInS} s`;
    task.report.add({ ...place, status: 'ok', text });
  } catch (error) {
    task.report.add(findingOf(place, error));
  }
}
