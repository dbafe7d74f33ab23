import type { RandomSource } from '../model/runtime.js';
import { lazyNode } from './lazy-node.js';

/** Asking for this many at once costs no more than asking for a few. */
const POOL_BYTES = 4_096;
/** More than this is no nonce, and is asked for by itself. */
const POOLED_MAX_BYTES = 256;

const pool = new Uint8Array(POOL_BYTES);
let usedBytes = POOL_BYTES;

/** Handed out once: what was is wiped from the pool. */
function takeBytes(count: number): Uint8Array {
  if (!(count <= POOLED_MAX_BYTES)) return new Uint8Array(lazyNode.crypto.randomBytes(count));
  if (usedBytes + count > POOL_BYTES) {
    lazyNode.crypto.randomFillSync(pool);
    usedBytes = 0;
  }
  const bytes = pool.slice(usedBytes, usedBytes + count);
  pool.fill(0, usedBytes, usedBytes + count);
  usedBytes += count;
  return bytes;
}

/** The machine's own randomness; `bytes` is good for nonces. */
export const systemRandom: RandomSource = {
  fraction: () => Math.random(),
  bytes: takeBytes,
};
