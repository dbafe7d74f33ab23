import type { AuthContext } from '../../src/model/auth.js';
import type { HttpClient } from '../../src/model/runtime.js';
import { createSeededRandom } from '../doubles/seeded-random.js';

/** A context at a fixed time without a network, unless told otherwise. */
export function createContext(parts: Partial<AuthContext> = {}): AuthContext {
  const http: HttpClient = () => Promise.reject(new Error('No request was expected.'));
  return {
    nowMs: () => Date.UTC(2026, 7, 9, 21, 0, 0),
    random: createSeededRandom(1),
    http,
    url: 'wss://example.test/',
    connection: {},
    attempt: 1,
    ...parts,
  };
}
