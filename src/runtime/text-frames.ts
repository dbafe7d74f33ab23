import { FrameBytes } from '../model/frame-bytes.js';

/** Where the bytes of a connection go. */
export interface TextFrameTargets {
  /**
   * The payload of a whole text frame where it came in, valid during the call. False says that it
   * is no UTF-8, and so for the other reader to refuse.
   */
  onText(payload: FrameBytes): boolean;
  /** Bytes of everything else, in order, for a reader of the whole protocol, which keeps them. */
  pass(bytes: Buffer): void;
}

const WHOLE_TEXT = 0x81;
const FINAL = 0x80;
const RESERVED = 0x70;
const OPCODE = 0x0f;
const MASKED = 0x80;
const LENGTH_BITS = 0x7f;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const CONTROL_BYTES_MAX = 125;
const CONTINUATION = 0x0;
const TEXT = 0x1;
const BINARY = 0x2;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;

/** A length that needs more of its upper word is above every limit. */
const UPPER_WORD_MAX = 0xff;
const UPPER_WORD = 2 ** 32;

/** For a longer frame there is room for twice of what has come: its head alone costs nothing. */
const ROOM_AT_ONCE_BYTES = 2 ** 23;

const NOTHING = Buffer.alloc(0);

/**
 * Takes the whole, unmasked text frames out of what a server sends (RFC 6455, section 5), and
 * passes every other byte on: control frames, fragments, binary frames, and whatever breaks the
 * protocol, after which nothing is taken out any more. Nothing is read after a close frame. So
 * there is one reader of the whole protocol, and a short way for nearly all of the traffic; a test
 * compares the two.
 *
 * A frame that comes in several reads waits until all of it is there: a snapshot of a few megabytes
 * is put together in one copy, in memory of its own size.
 */
export class TextFrames {
  readonly #targets: TextFrameTargets;
  readonly #maxPayloadBytes: number;
  /** The frame in hand; one object for all of them. */
  readonly #payload = new FrameBytes();
  /** Room for a frame of which the rest has not come, or for a part; how much has come. */
  #held: Buffer = NOTHING;
  #heldBytes = 0;
  /** The next data frame goes on with a message, of which there have been so many bytes. */
  #isFragmented = false;
  #fragmentedBytes = 0;
  /** Data was passed during this call. The reader may have refused it, and says so only later. */
  #hasPassed = false;
  /** Everything is passed from here on. */
  #isOver = false;
  /** Nothing is read any more. */
  #isEnded = false;

  constructor(maxPayloadBytes: number, targets: TextFrameTargets) {
    this.#maxPayloadBytes = maxPayloadBytes;
    this.#targets = targets;
  }

  /**
   * Takes the next bytes of the connection, which may be overwritten after the call. They are the
   * first of a memory, in which frames are handed on.
   */
  push(chunk: Buffer, memory: Uint8Array = chunk): void {
    if (this.#isEnded) return;
    this.#hasPassed = false;
    let at = this.#held.length > 0 ? this.#fillHeld(chunk) : 0;
    while (at < chunk.length && !this.#isOver) {
      const next = this.#takeText(chunk, memory, at);
      if (next > at) {
        at = next;
        continue;
      }
      const size = frameBytes(chunk, at);
      if (chunk.length - at < size) {
        this.#hold(chunk.subarray(at));
        return;
      }
      this.#take(chunk, at, size);
      at += size;
    }
    if (at < chunk.length && !this.#isEnded) this.#give(chunk.subarray(at));
  }

  /**
   * Takes a whole text, as nearly every frame is; returns where it ends, else where it begins.
   */
  #takeText(chunk: Buffer, memory: Uint8Array, at: number): number {
    if (chunk[at] !== WHOLE_TEXT || this.#isFragmented || this.#hasPassed) return at;
    const lengthBits = chunk[at + 1] as number;
    let start = at + 2;
    let length = lengthBits;
    if (!(lengthBits < LENGTH_16)) {
      // A head of which the rest has not come, a long text, or a mask.
      if (at + 4 > chunk.length || lengthBits > LENGTH_64) return at;
      start = at + headBytes(chunk, at);
      length = at + frameBytes(chunk, at) - start;
    }
    const end = start + length;
    if (end > chunk.length || length > this.#maxPayloadBytes) return at;
    return this.#targets.onText(this.#payload.moveTo(memory, start, end)) ? end : at;
  }

  /** Nothing more will come: passes what is held. */
  finish(): void {
    const held = this.#held.subarray(0, this.#heldBytes);
    if (held.length > 0 && !this.#isEnded) this.#targets.pass(held);
    this.stop();
  }

  /** Reads nothing more, as the reader of the protocol does after an error. */
  stop(): void {
    this.#held = NOTHING;
    this.#isOver = true;
    this.#isEnded = true;
  }

  /** Adds to the frame that is held what it lacks, and no more; returns where that ends. */
  #fillHeld(chunk: Buffer): number {
    let at = 0;
    while (this.#held.length > 0 && at < chunk.length) {
      const held = this.#held;
      const added = chunk.copy(held, this.#heldBytes, at);
      at += added;
      this.#heldBytes += added;
      if (this.#heldBytes < held.length) break;
      this.#held = NOTHING;
      // With more of its head there the frame may turn out to be longer, or it is a huge one.
      if (held.length < frameBytes(held, 0)) this.#hold(held);
      else this.#takeHeld(held);
    }
    return at;
  }

  #takeHeld(held: Buffer): void {
    if (this.#takeText(held, held, 0) === 0) this.#take(held, 0, held.length);
    // It may be megabytes, and the next frame far away.
    this.#payload.release();
  }

  /** Keeps the beginning of a frame, unless it is wrong or all of it would be too large. */
  #hold(beginning: Buffer): void {
    if (beginning.length > 1 && this.#isWrong(beginning, 0)) {
      this.#isOver = true;
      this.#give(beginning);
      return;
    }
    const room = Math.max(ROOM_AT_ONCE_BYTES, 2 * beginning.length);
    this.#held = Buffer.allocUnsafe(Math.min(room, frameBytes(beginning, 0)));
    this.#heldBytes = beginning.copy(this.#held);
  }

  /** A whole frame that is no text to take out. */
  #take(bytes: Buffer, at: number, size: number): void {
    const frame = bytes.subarray(at, at + size);
    if (this.#isWrong(bytes, at)) {
      this.#isOver = true;
      this.#give(frame);
    } else {
      this.#pass(frame);
    }
  }

  /** Passes a frame, which means something for those after it. */
  #pass(bytes: Buffer): void {
    const first = bytes[0] as number;
    const opcode = first & OPCODE;
    if (opcode === CLOSE) {
      this.#isOver = true;
      this.#isEnded = true;
    } else if (opcode < CLOSE) {
      this.#isFragmented = (first & FINAL) === 0;
      const payloadBytes = bytes.length - headBytes(bytes, 0);
      this.#fragmentedBytes = this.#isFragmented ? this.#fragmentedBytes + payloadBytes : 0;
      this.#hasPassed = true;
    }
    this.#give(bytes);
  }

  /** A reader of the protocol keeps what it is given, and the bytes are only lent. */
  #give(bytes: Buffer): void {
    this.#targets.pass(Buffer.from(bytes));
  }

  /** Whether the protocol does not allow a frame that begins so, as far as its head is there. */
  #isWrong(bytes: Buffer, at: number): boolean {
    const first = bytes[at] as number;
    const second = bytes[at + 1] as number;
    if ((first & RESERVED) !== 0 || (second & MASKED) !== 0) return true;
    const opcode = first & OPCODE;
    const before = opcode === CONTINUATION ? this.#fragmentedBytes : 0;
    const payloadBytes = frameBytes(bytes, at) - headBytes(bytes, at);
    if (before + payloadBytes > this.#maxPayloadBytes) return true;
    if (opcode === TEXT || opcode === BINARY) return this.#isFragmented;
    if (opcode === CONTINUATION) return !this.#isFragmented;
    const isControl = opcode === CLOSE || opcode === PING || opcode === PONG;
    return !isControl || (first & FINAL) === 0 || (second & LENGTH_BITS) > CONTROL_BYTES_MAX;
  }
}

/** How many bytes a frame has before its payload; as far as that can be seen. */
function headBytes(bytes: Buffer, at: number): number {
  if (bytes.length - at < 2) return 2;
  const length = (bytes[at + 1] as number) & LENGTH_BITS;
  if (length === LENGTH_64) return 10;
  return length === LENGTH_16 ? 4 : 2;
}

/** How many bytes a frame has; where its head is not all there, how many that has. */
function frameBytes(bytes: Buffer, at: number): number {
  const head = headBytes(bytes, at);
  if (bytes.length - at < head) return head;
  if (head === 2) return head + ((bytes[at + 1] as number) & LENGTH_BITS);
  if (head === 4) return head + bytes.readUInt16BE(at + 2);
  const upper = Math.min(bytes.readUInt32BE(at + 2), UPPER_WORD_MAX);
  return head + upper * UPPER_WORD + bytes.readUInt32BE(at + 6);
}
