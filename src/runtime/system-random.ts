import { randomBytes } from 'node:crypto';
import type { RandomSource } from '../model/runtime.js';

/** The machine's own randomness; `bytes` is good for nonces. */
export const systemRandom: RandomSource = {
  fraction: () => Math.random(),
  bytes: (count) => new Uint8Array(randomBytes(count)),
};
