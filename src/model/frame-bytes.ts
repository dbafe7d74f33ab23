const NOTHING = new Uint8Array(0);

/**
 * The bytes of a text frame where they came in: a part of a larger memory, which is used again. One
 * object serves frame after frame, so both are only lent. Nobody has looked yet whether the bytes
 * are UTF-8.
 */
export class FrameBytes {
  memory: Uint8Array = NOTHING;
  /** The first byte of the frame in the memory, and the first behind it. */
  start = 0;
  end = 0;
  #view: Uint8Array | undefined;

  /** All of an array. */
  static of(bytes: Uint8Array): FrameBytes {
    return new FrameBytes().moveTo(bytes, 0, bytes.length);
  }

  /** The bytes as an array, which is made when it is asked for: most frames are read without. */
  get view(): Uint8Array {
    return (this.#view ??= this.#createView());
  }

  /** The next frame; returns itself. */
  moveTo(memory: Uint8Array, start: number, end: number): this {
    this.memory = memory;
    this.start = start;
    this.end = end;
    this.#view = undefined;
    return this;
  }

  #createView(): Uint8Array {
    const { memory, start, end } = this;
    if (start === 0 && end === memory.length) return memory;
    return new Uint8Array(memory.buffer, memory.byteOffset + start, end - start);
  }

  /** Holds no memory any more. */
  release(): void {
    this.moveTo(NOTHING, 0, 0);
  }
}
