import { createHash } from 'node:crypto';

/**
 * The id of an order as the venue spells it, a UUID of version 4 in form, made of the engine's id:
 * the same engine's id always gives the same one, so that it outlives the server.
 */
export function toOrderUuid(engineId: string): string {
  const bytes = createHash('sha256').update(`order/${engineId}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
