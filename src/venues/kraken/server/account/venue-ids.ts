/**
 * Ids as the venue spells them, made of the engine's: `OVN7VD-7VYHS-APBKHA` for an order. The same
 * engine's id always gives the same one, so that they outlive the server; they are 80 bits of a
 * digest, so that no two meet.
 */
import { createHash } from 'node:crypto';

/** What the first letter says: order, trade or amendment, ledger, another reference. */
export type IdPrefix = 'O' | 'T' | 'L' | 'Q';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const CHARACTERS = 16;
const KEPT_MAX = 20_000;

const kept = new Map<string, string>();

/** Spells an engine's id. */
export function toVenueId(prefix: IdPrefix, engineId: string): string {
  const name = `${prefix}/${engineId}`;
  const known = kept.get(name);
  if (known !== undefined) return known;
  const digest = createHash('sha256').update(name).digest();
  const letters = [...digest.subarray(0, CHARACTERS)].map((byte) => ALPHABET.charAt(byte & 31));
  const body = letters.join('');
  const id = `${prefix}${body.slice(0, 5)}-${body.slice(5, 10)}-${body.slice(10)}`;
  // Digests cost more than a look-up; the oldest is the least likely to be asked for again.
  const [oldest] = kept.size >= KEPT_MAX ? kept.keys() : [];
  if (oldest !== undefined) kept.delete(oldest);
  kept.set(name, id);
  return id;
}
