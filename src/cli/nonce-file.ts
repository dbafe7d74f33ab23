import { join } from 'node:path';
import { createNonceSource, type NonceScale } from '../auth/nonce.js';
import type { NonceSource } from '../model/auth.js';
import { createHighWaterFile } from '../runtime/high-water-file.js';
import type { CliIo } from './cli-io.js';
import { findStateDirectory } from './state-directory.js';

/** Nonces of one key that all processes of this machine count on together. */
export function openNonceFile(io: CliIo, keyId: string, scale: NonceScale): NonceSource {
  const directory = join(findStateDirectory(io.env), 'nonces');
  const store = createHighWaterFile({ directory, keyId });
  return createNonceSource({ clock: io.runtime.clock, scale, store });
}
