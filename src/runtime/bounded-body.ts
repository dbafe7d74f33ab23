import type { IncomingMessage } from 'node:http';

/** What was read of an answer's body. */
export interface BoundedBody {
  readonly text: string;
  /** Whether there was more than the limit; the rest was not read. */
  readonly cut: boolean;
}

/** Reads at most `maxBytes`; rejects where the connection fails before the end. */
export async function readBoundedBody(
  response: IncomingMessage,
  maxBytes: number,
): Promise<BoundedBody> {
  const chunks: Buffer[] = [];
  let length = 0;
  let cut = false;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    const room = maxBytes - length;
    chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    length += Math.min(room, chunk.length);
    cut = chunk.length > room;
    // Leaving the loop destroys the response.
    if (cut) break;
  }
  return { text: Buffer.concat(chunks).toString('utf8'), cut };
}
