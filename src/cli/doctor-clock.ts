import type { Finding } from './doctor-report.js';

/** A `Date` header counts whole seconds: less than this is not worth a word. */
const SKEW_NOTABLE_MS = 2_000;
/** Beyond this some sign-in of some venue is refused. */
const SKEW_HARMFUL_MS = 30_000;

/** Server minus local time from a `Date` header, which was cut to the second. */
export function measureSkewMs(serverDateMs: number, sentAtMs: number, receivedAtMs: number) {
  return serverDateMs + 500 - (sentAtMs + receivedAtMs) / 2;
}

export function describeClock(venue: string, skewMs: number | undefined): Finding {
  const place = { venue, check: 'clock' } as const;
  if (skewMs === undefined) {
    const text = 'the server did not say what time it is, so the clock was not compared';
    return { ...place, status: 'skipped', text };
  }
  const apartMs = Math.abs(skewMs);
  if (apartMs <= SKEW_NOTABLE_MS) {
    const within = (SKEW_NOTABLE_MS / 1000).toFixed(0);
    return {
      ...place,
      status: 'ok',
      text: `this machine agrees with the server within ${within} s`,
    };
  }
  const seconds = (apartMs / 1000).toFixed(1);
  const text = `this machine is ${seconds} s ${skewMs > 0 ? 'slow' : 'fast'}`;
  const next = 'set the clock from the network (NTP), e.g. timedatectl set-ntp true';
  return apartMs > SKEW_HARMFUL_MS
    ? { ...place, status: 'problem', text, next, code: 'AUTH_CLOCK_SKEWED' }
    : { ...place, status: 'warning', text: `${text}; it is corrected for when signing in`, next };
}
