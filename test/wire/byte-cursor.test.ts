import { FrameBytes } from '../../src/model/frame-bytes.js';
import { expect, it } from 'vitest';
import { createCursor, readFrame, sliceText } from '../../src/wire/byte-cursor.js';

it('cuts texts out of the frame in hand only, also after one whose reading failed', () => {
  const cursor = createCursor();
  const fault = new TypeError('not a function');
  const readAndFail = (): never => {
    expect(sliceText(cursor, 0, 3)).toBe('one');
    throw fault;
  };
  expect(() => readFrame(cursor, FrameBytes.of(Buffer.from('one')), readAndFail)).toThrow(fault);
  const read = (): string => sliceText(cursor, 0, 3);
  expect(readFrame(cursor, FrameBytes.of(Buffer.from('two')), read)).toBe('two');
});
