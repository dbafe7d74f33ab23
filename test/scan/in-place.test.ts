import { describe, expect, it } from 'vitest';
import { copyColumns } from '../../src/book/level-columns.js';
import { FrameBytes } from '../../src/model/frame-bytes.js';
import type { DecodedFrame, VenueMessage } from '../../src/model/message.js';
import type { Codec } from '../../src/model/venue.js';
import { openShapeKernel } from '../../src/wire/shape-kernel.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import { damageFrame } from './damage.js';
import { SCAN_SUBJECTS, type ScanSubject } from './subjects.js';

const kernel = openShapeKernel()!;
const memory = kernel.readMemory;
/** With what is behind the memory that sockets read into. */
const watched = kernel.bytes.subarray(memory.byteOffset);
/** What might be taken for a part of the frame before it. */
const BEHIND = ['', '0', '123456789012345678', '"}]}]}', 'Z"', ']}]', ',"r"]', '.5', '\xff'];

type Message = Record<string, unknown>;

function copyMessage(message: VenueMessage): Message {
  const columns = 'columns' in message ? { columns: copyColumns(message.columns) } : {};
  return { ...message, ...columns };
}

function copyFrame({ channel, number, sentAtMs, messages }: DecodedFrame): object {
  return { channel, number, sentAtMs, messages: messages.map(copyMessage) };
}

function decode(codec: Codec, frame: Uint8Array | FrameBytes): DecodedFrame | undefined {
  try {
    return codec.decode(frame);
  } catch {
    return undefined;
  }
}

interface Kept {
  readonly frame: DecodedFrame;
  readonly copy: object;
}

/** Frames one directly behind the other, as a read brings them, the last at the very end or not. */
function layOut(frames: readonly Buffer[], start: number, behind: string): FrameBytes[] {
  let at = start;
  const places = frames.map((bytes) => {
    memory.set(bytes, at);
    at += bytes.length;
    return new FrameBytes().moveTo(memory, at - bytes.length, at);
  });
  const rest = Buffer.from(behind, 'latin1').subarray(0, watched.length - at);
  watched.set(rest, at);
  return places;
}

describe('frames that are read where they came in', () => {
  const random = createSeededRandom(3);
  const pick = (below: number): number => Math.floor(random.fraction() * below);
  const kept = new Map<ScanSubject, Kept>();

  function check(subject: ScanSubject, bytes: Buffer, place: FrameBytes): void {
    const before = Buffer.from(watched);
    const frame = decode(subject.scanning, place);
    expect(before.equals(watched)).toBe(true);
    const copy = frame && copyFrame(frame);
    const plain = decode(subject.ordinary, bytes);
    expect(copy).toEqual(plain && copyFrame(plain));
    kept.delete(subject);
    if (frame && copy) kept.set(subject, { frame, copy });
    // What other codecs said before is still so.
    for (const one of kept.values()) expect(copyFrame(one.frame)).toEqual(one.copy);
  }

  it('are read as they are by themselves, and nothing around them changes', () => {
    for (let turn = 0; turn < 400; turn += 1) {
      const parts = Array.from({ length: 1 + pick(5) }, () => {
        const subject = SCAN_SUBJECTS[pick(SCAN_SUBJECTS.length)]!;
        const bytes = Buffer.from(subject.frames[pick(subject.frames.length)]!);
        return { subject, bytes: pick(2) === 0 ? bytes : damageFrame(bytes, random) };
      });
      const frames = parts.map(({ bytes }) => bytes);
      const length = frames.reduce((sum, bytes) => sum + bytes.length, 0);
      const start = pick(3) === 0 ? memory.length - length : pick(16);
      const places = layOut(frames, start, BEHIND[pick(BEHIND.length)]!);
      for (const [index, { subject, bytes }] of parts.entries())
        check(subject, bytes, places[index]!);
    }
  });
});
