import type { Verdict } from '../model/tracker.js';

/** The message is the next one; one object for all, since it is the answer to nearly all. */
export const ACCEPT: Verdict = Object.freeze({ kind: 'accept' });
/** The message is older than what was seen. */
export const STALE: Verdict = Object.freeze({ kind: 'stale' });
