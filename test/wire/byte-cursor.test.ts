import { FrameBytes } from '../../src/model/frame-bytes.js';
import { expect, it } from 'vitest';
import { createCursor, readFrame, sliceText } from '../../src/wire/byte-cursor.js';
import { openShapeKernel } from '../../src/wire/shape-kernel.js';

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

it('keeps its view of the memory that frames come into, and none of a large frame', () => {
  const cursor = createCursor();
  const viewAfter = (memory: Uint8Array): DataView => {
    readFrame(cursor, new FrameBytes().moveTo(memory, 1, 3), () => undefined);
    return cursor.view;
  };
  const { readMemory } = openShapeKernel()!;
  const first = viewAfter(readMemory);
  expect(first.buffer).toBe(readMemory.buffer);
  expect(viewAfter(readMemory)).toBe(first);
  expect(viewAfter(new Uint8Array(3e6)).byteLength).toBe(0);
});
