import type { RandomSource } from '../model/runtime.js';
import { lazyNode } from './lazy-node.js';

/** The machine's own randomness; that of `bytes` comes from OpenSSL. */
export const systemRandom: RandomSource = {
  fraction: () => Math.random(),
  bytes: (count) => lazyNode.crypto.randomFillSync(new Uint8Array(count)),
};
