import type { RandomSource } from '../../src/model/runtime.js';

/** Bytes of JSON and numbers first, then some that belong nowhere. */
const INSERTED = Buffer.from('0123456789".,:{}[]-+eE \\/trubidslaqZT\u0000\u007f\t\nЖ');
const SLICE_MAX = 40;

type Damage = (bytes: Buffer, pick: (below: number) => number) => Buffer;

function splice(bytes: Buffer, at: number, ...[removed, added]: [number, Uint8Array]): Buffer {
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
}

function findDigit(bytes: Buffer, from: number): number {
  for (let step = 0; step < bytes.length; step += 1) {
    const at = (from + step) % bytes.length;
    if (/\d/.test(String.fromCharCode(bytes[at]!))) return at;
  }
  return 0;
}

const DAMAGES: readonly Damage[] = [
  // Another digit: the frame is a good one, with another content.
  (bytes, pick) => splice(bytes, findDigit(bytes, pick(bytes.length)), 1, digitOf(pick(10))),
  (bytes, pick) => splice(bytes, findDigit(bytes, pick(bytes.length)), 0, digitOf(pick(10))),
  (bytes, pick) => splice(bytes, findDigit(bytes, pick(bytes.length)), 1, Buffer.alloc(0)),
  // Many digits more, so that numbers pass every limit.
  (bytes, pick) =>
    splice(
      bytes,
      findDigit(bytes, pick(bytes.length)),
      0,
      Buffer.alloc(pick(70), digitOf(pick(10))),
    ),
  // One byte is another, is there no more, or is new.
  (bytes, pick) => splice(bytes, pick(bytes.length), 1, insertedAt(pick(INSERTED.length))),
  (bytes, pick) => splice(bytes, pick(bytes.length), 1, Buffer.alloc(0)),
  (bytes, pick) => splice(bytes, pick(bytes.length + 1), 0, insertedAt(pick(INSERTED.length))),
  (bytes, pick) => {
    const flipped = Buffer.from(bytes);
    const at = pick(bytes.length);
    flipped[at] = flipped[at]! ^ (1 << pick(8));
    return flipped;
  },
  // A piece is missing, comes twice, or stands where another was.
  (bytes, pick) => splice(bytes, pick(bytes.length), pick(SLICE_MAX), Buffer.alloc(0)),
  (bytes, pick) => splice(bytes, pick(bytes.length + 1), 0, sliceOf(bytes, pick)),
  (bytes, pick) => splice(bytes, pick(bytes.length), pick(SLICE_MAX), sliceOf(bytes, pick)),
  (bytes, pick) => bytes.subarray(0, pick(bytes.length)),
  // An entry of a list comes twice, or is gone.
  (bytes, pick) => repeatEntry(bytes, pick, 2),
  (bytes, pick) => repeatEntry(bytes, pick, 0),
];

function digitOf(digit: number): Buffer {
  return Buffer.from(String(digit));
}

function insertedAt(index: number): Buffer {
  return INSERTED.subarray(index, index + 1);
}

function sliceOf(bytes: Buffer, pick: (below: number) => number): Buffer {
  const from = pick(bytes.length);
  return bytes.subarray(from, from + pick(SLICE_MAX));
}

/** A level is between braces, or between brackets within brackets. */
const ENTRY = /,(?:\{[^{}[\]]*\}|\[[^{}[\]]*\])/g;

function repeatEntry(bytes: Buffer, pick: (below: number) => number, times: number): Buffer {
  const text = bytes.toString('latin1');
  const entries = [...text.matchAll(ENTRY)];
  const entry = entries[pick(Math.max(1, entries.length))];
  if (!entry) return bytes;
  const [piece] = entry;
  const added = Buffer.from(piece.repeat(times), 'latin1');
  return splice(bytes, entry.index, piece.length, added);
}

/** One to three damages, one after the other. */
export function damageFrame(frame: Buffer, random: RandomSource): Buffer {
  const pick = (below: number): number => Math.floor(random.fraction() * below);
  let damaged = frame;
  for (let left = 1 + pick(3); left > 0 && damaged.length > 0; left -= 1) {
    damaged = DAMAGES[pick(DAMAGES.length)]!(damaged, pick);
  }
  return damaged;
}
