import { isUtf8 } from 'node:buffer';
import type { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import * as ws from 'ws';
import type { FrameBytes } from '../../src/model/frame-bytes.js';
import { TextFrames } from '../../src/runtime/text-frames.js';

/** The reader of `ws`, which its types leave out. */
interface Receiver extends EventEmitter {
  write(bytes: Buffer): boolean;
}
const { Receiver: ReceiverOfWs } = ws as unknown as {
  readonly Receiver: new (options: object) => Receiver;
};

const MAX_PAYLOAD_BYTES = 40_000;

interface Frame {
  readonly first: number;
  readonly isMasked: boolean;
  readonly payload: Buffer;
  /** Bytes that the length is written in: 1, 2 or 8; more where it does not fit. */
  readonly lengthBytes: number;
}

function writeFrame({ first, isMasked, payload, lengthBytes }: Frame): Buffer {
  const { length } = payload;
  const mask = isMasked ? 0x80 : 0;
  let head = Buffer.from([first, mask | length]);
  if (length > 65_535 || lengthBytes === 8) {
    head = Buffer.alloc(10);
    head.set([first, mask | 127]);
    head.writeUInt32BE(length, 6);
  } else if (length > 125 || lengthBytes === 2) {
    head = Buffer.alloc(4);
    head.set([first, mask | 126]);
    head.writeUInt16BE(length, 2);
  }
  return Buffer.concat([head, ...(isMasked ? [Buffer.alloc(4)] : []), payload]);
}

const text = (payload: string, first = 0x81): Buffer =>
  writeFrame({ first, isMasked: false, payload: Buffer.from(payload), lengthBytes: 1 });

/** What a reader tells, in order; after an error it is not given any more, as `ws` does it. */
class Hearing {
  readonly told: string[] = [];
  readonly #receiver = new ReceiverOfWs({ maxPayload: MAX_PAYLOAD_BYTES });
  readonly #frames: TextFrames | undefined;
  texts = 0;
  #isOver = false;

  constructor(isShort: boolean) {
    const tell = (kind: string, bytes: Uint8Array): void => {
      const shown = Buffer.from(bytes).toString('latin1').slice(0, 40);
      this.told.push(`${kind} ${bytes.length} ${shown}`);
    };
    const receiver = this.#receiver;
    receiver.on('message', (bytes: Buffer) => tell('message', bytes));
    receiver.on('ping', (bytes: Buffer) => tell('ping', bytes));
    receiver.on('pong', (bytes: Buffer) => tell('pong', bytes));
    receiver.on('conclude', (code: number, reason: Buffer) => {
      tell(`conclude ${code}`, reason);
      this.#isOver = true;
    });
    receiver.on('error', (error: Error & { code: string }) => {
      this.told.push(`error ${error.code}`);
      this.#isOver = true;
      this.#frames?.stop();
    });
    if (!isShort) return;
    this.#frames = new TextFrames(MAX_PAYLOAD_BYTES, {
      onText: ({ view }) => {
        if (!isUtf8(view)) return false;
        this.texts += 1;
        tell('message', view);
        return true;
      },
      pass: (bytes) => void receiver.write(bytes),
    });
  }

  async hear(chunks: readonly Buffer[], isEnded = true): Promise<this> {
    for (const chunk of chunks) {
      if (this.#frames) {
        const lent = Buffer.from(chunk);
        this.#frames.push(lent);
        lent.fill('?');
      } else if (!this.#isOver) this.#receiver.write(chunk);
      // Errors of a stream are told a turn later, and the next bytes come later still.
      await setImmediate();
    }
    if (isEnded) this.#frames?.finish();
    await setImmediate();
    return this;
  }
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const hearBoth = async (chunks: readonly Buffer[], isEnded = true): Promise<[Hearing, Hearing]> => [
  await new Hearing(true).hear(chunks, isEnded),
  await new Hearing(false).hear(chunks, isEnded),
];

const PAYLOAD = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 90 }).map((one) => Buffer.from(one)) },
  { weight: 2, arbitrary: fc.integer({ min: 100, max: 300 }).map((n) => Buffer.alloc(n, 65)) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 16_000, max: 45_000 }).map((n) => Buffer.alloc(n, 66)),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 6 }).map((one) => Buffer.from(one)) },
);
const FIRST = fc.oneof(
  { weight: 20, arbitrary: fc.constant(0x81) },
  { weight: 8, arbitrary: fc.constantFrom(0x01, 0x00, 0x80, 0x82, 0x89, 0x8a) },
  { weight: 1, arbitrary: fc.nat({ max: 255 }) },
);
const FRAME: fc.Arbitrary<Frame> = fc.record({
  first: FIRST,
  isMasked: fc.integer({ min: 0, max: 40 }).map((one) => one === 0),
  payload: PAYLOAD,
  lengthBytes: fc.constantFrom(1, 1, 1, 2, 8),
});
const SIZES = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 9_000 })),
  {
    minLength: 1,
    maxLength: 6,
  },
);

describe('the short way of text frames', () => {
  it('tells what the reader of ws tells, whatever comes and however it is cut', async () => {
    let texts = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(FRAME, { maxLength: 12 }), SIZES, async (frames, sizes) => {
        const bytes = Buffer.concat(frames.map(writeFrame));
        // Single bytes of a long text would take thousands of turns.
        const least = Math.ceil(bytes.length / 400);
        const chunks = cut(
          bytes,
          sizes.map((size) => Math.max(size, least)),
        );
        const [short, whole] = await hearBoth(chunks);
        expect(short.told).toEqual(whole.told);
        texts += short.texts;
      }),
      { numRuns: 300 },
    );
    expect(texts).toBeGreaterThan(100);
  });

  it('takes whole texts at every cut, and each byte of the others passes', async () => {
    const bytes = Buffer.concat([
      text('{"a":1}'),
      text('', 0x89),
      text('x'.repeat(130)),
      text('part', 0x01),
      text('ping', 0x89),
      text('end', 0x80),
      text('{"b":2}'),
      text('', 0x81),
    ]);
    for (let at = 1; at < bytes.length; at += 1) {
      const [short, whole] = await hearBoth([bytes.subarray(0, at), bytes.subarray(at)]);
      expect(short.told).toEqual(whole.told);
      // After a text in pieces all of the same chunk is passed, in case it was refused.
      expect(short.texts).toBeGreaterThanOrEqual(2);
    }
  });

  it('takes long texts whole, whatever they are cut into', async () => {
    const long = text('x'.repeat(MAX_PAYLOAD_BYTES));
    const spelled = writeFrame({
      first: 0x81,
      isMasked: false,
      payload: Buffer.from('y'.repeat(300)),
      lengthBytes: 8,
    });
    const bytes = Buffer.concat([long, spelled, text('z')]);
    for (const size of [1, 3, 9, 4_000, bytes.length]) {
      const heads = cut(bytes.subarray(0, 20), [size]);
      const rests = cut(bytes.subarray(20), [Math.max(size, 1_000)]);
      const [short, whole] = await hearBoth([...heads, ...rests]);
      expect(short.told).toEqual(whole.told);
      expect(short.texts).toBe(3);
    }
  });

  it('leaves a text in pieces that grows too long to the other reader at once', async () => {
    const pieces = [text('x'.repeat(30_000), 0x01), text('', 0x89), text('y'.repeat(20_000), 0x00)];
    const bytes = Buffer.concat(pieces);
    // Of the last piece there is no more than its head.
    for (const length of [30_004 + 2 + 4, 30_004 + 2 + 5]) {
      const chunks = [bytes.subarray(0, 7), bytes.subarray(7, length)];
      const [short, whole] = await hearBoth(chunks, false);
      expect(short.told).toEqual(whole.told);
      expect(short.told.at(-1)).toBe('error WS_ERR_UNSUPPORTED_MESSAGE_LENGTH');
    }
    const fitting = [text('x'.repeat(30_000), 0x01), text('y'.repeat(10_000), 0x80), text('z')];
    const [short, whole] = await hearBoth(cut(Buffer.concat([...fitting, ...fitting]), [9_000]));
    expect(short.told).toEqual(whole.told);
    expect(short.told).toHaveLength(4);
  });

  it('makes room for little more than has come of a huge text, and keeps nothing of it', () => {
    const payload = Buffer.alloc(20 * 2 ** 20 + 3);
    for (let at = 0; at < payload.length; at += 1_000) payload.writeUInt16BE((at * 7) & 0xffff, at);
    const bytes = writeFrame({ first: 0x81, isMasked: false, payload, lengthBytes: 8 });
    const told: FrameBytes[] = [];
    let areEqual = false;
    const frames = new TextFrames(2 ** 26, {
      onText: (frame) => {
        told.push(frame);
        areEqual = payload.equals(frame.view);
        return true;
      },
      pass: () => undefined,
    });
    const allocated = vi.spyOn(Buffer, 'allocUnsafe');
    onTestFinished(() => void allocated.mockRestore());
    frames.push(bytes.subarray(0, 11));
    const sizes = allocated.mock.calls.map(([size]) => size);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2 ** 23);
    for (const chunk of cut(bytes.subarray(11), [65_536, 262_144])) frames.push(chunk);
    expect(areEqual).toBe(true);
    expect(told).toHaveLength(1);
    expect(told[0]?.memory).toHaveLength(0);
  });

  it.each([
    ['a masked frame', Buffer.from([0x81, 0x81, 0, 0, 0, 0, 65])],
    ['a reserved bit', Buffer.from([0xc1, 0x01, 65])],
    ['a reserved opcode', Buffer.from([0x83, 0x01, 65])],
    ['a ping in pieces', Buffer.from([0x09, 0x01, 65])],
    ['a ping that is too long', Buffer.from([0x89, 0x7e, 0, 0])],
    ['a continuation of nothing', Buffer.from([0x80, 0x01, 65])],
    ['a text inside of a text', Buffer.concat([text('a', 0x01), text('b')])],
    ['no UTF-8', Buffer.from([0x81, 0x01, 0xff])],
    ['more than is allowed', Buffer.from([0x81, 0x7e, 0xff, 0xff])],
    ['more than anything', Buffer.from([0x81, 0x7f, ...Array.from({ length: 8 }, () => 0xff)])],
    ['bytes of another protocol', Buffer.from('HTTP/1.1 400')],
  ])('leaves it to the reader of ws to refuse %s, and reads nothing more', async (_what, bytes) => {
    const [short, whole] = await hearBoth([text('before'), bytes, text('after')]);
    expect(short.told).toEqual(whole.told);
    expect(short.told.at(-1)).toMatch(/^error WS_ERR_/);
    expect(short.told[0]).toContain('before');
  });

  it('reads nothing after a close frame', async () => {
    const close = text('\x03\xe8', 0x88);
    const [short, whole] = await hearBoth([Buffer.concat([close, text('after')]), text('later')]);
    expect(short.told).toEqual(whole.told);
    expect(short.told).toHaveLength(1);
  });
});
