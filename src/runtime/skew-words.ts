import { AuthError, type TruefeedError } from '../model/error.js';

/** Beyond this the clock is the likely cause of a refusal. */
export const CLOCK_SKEW_SUSPECT_MS = 2_000;

/** Says in words how far the clock is off, for messages. */
function describeSkew(skewMs: number): string {
  const seconds = (Math.abs(skewMs) / 1000).toFixed(1);
  return `the clock of this machine is ${seconds} s ${skewMs > 0 ? 'slow' : 'fast'}`;
}

/** The refusal as an error of its own, where the measured clock explains it. */
export function explainRefusal(error: TruefeedError, skewMs: number | undefined): TruefeedError {
  if (error.code !== 'AUTH_REFUSED' || skewMs === undefined) return error;
  if (Math.abs(skewMs) <= CLOCK_SKEW_SUSPECT_MS) return error;
  return new AuthError(
    'AUTH_CLOCK_SKEWED',
    `The sign-in was refused, and ${describeSkew(skewMs)}: set it (NTP) and try again.`,
    { cause: error, facts: { ...error.facts, skewMs } },
  );
}
