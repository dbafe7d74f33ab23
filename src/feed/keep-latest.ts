/**
 * Puts an entry last, anew where the key was there, and forgets the one that was put longest ago
 * where there are more than `max`.
 */
export function keepLatest<Key, Value>(
  entries: Map<Key, Value>,
  [key, value]: readonly [Key, Value],
  max: number,
): void {
  entries.delete(key);
  entries.set(key, value);
  if (entries.size <= max) return;
  const oldest = entries.keys().next();
  if (!oldest.done) entries.delete(oldest.value);
}
