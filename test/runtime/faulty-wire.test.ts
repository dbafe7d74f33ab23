import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createFaultyWire, encodeTextFrame } from '../../src/runtime/faulty-wire.js';
import { createVirtualTime } from '../doubles/virtual-time.js';

function open() {
  const time = createVirtualTime();
  const socket = new PassThrough();
  const wire = createFaultyWire(socket, time.timers);
  let read = '';
  socket.on('data', (chunk: Buffer) => (read += chunk.toString()));
  const arrived = async (): Promise<string> => {
    await new Promise((resolve) => setImmediate(resolve));
    return read;
  };
  return { time, socket, wire, arrived };
}

describe('a faulty wire', () => {
  it.each([
    [5, [0x81, 5]],
    [125, [0x81, 125]],
    [126, [0x81, 126, 0, 126]],
    [65_535, [0x81, 126, 255, 255]],
    [65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
  ])('frames %i bytes as RFC 6455 says', (length, header) => {
    const frame = encodeTextFrame('x'.repeat(length));
    expect([...frame.subarray(0, header.length)]).toEqual(header);
    expect(frame.length).toBe(header.length + length);
  });

  it('drips: in order, so many bytes a second, and whatever the size of a write', async () => {
    const { time, socket, wire, arrived } = open();
    wire.drip(40);
    socket.write('abc');
    socket.write('defg');
    expect([await arrived(), wire.heldBytes]).toEqual(['', 7]);
    await time.advance(50);
    expect(await arrived()).toBe('ab');
    await time.advance(100);
    expect([await arrived(), wire.heldBytes]).toEqual(['abcdef', 1]);
    wire.drip(Infinity);
    socket.write('h');
    expect([await arrived(), time.armedCount]).toEqual(['abcdefgh', 0]);
  });

  it('drips less than a byte in a step where so little is allowed', async () => {
    const { time, socket, wire, arrived } = open();
    wire.drip(2);
    socket.write('abc');
    await time.advance(999);
    expect(await arrived()).toBe('a');
    await time.advance(1);
    expect(await arrived()).toBe('ab');
  });

  it('calls back those who wrote, also where nothing leaves any more', async () => {
    const { time, socket, wire } = open();
    const written: string[] = [];
    wire.drip(1_000);
    socket.write('a', () => written.push('a'));
    await time.advance(50);
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toEqual(['a']);
    socket.write('b', 'utf8', () => written.push('b'));
    wire.stall();
    socket.write(Buffer.from('c'), () => written.push('c'));
    expect([written, wire.heldBytes, time.armedCount]).toEqual([['a', 'b', 'c'], 0, 0]);
  });

  it('cuts a frame in its middle, after what was written before it', async () => {
    const { socket, wire, arrived } = open();
    wire.drip(1);
    socket.write('before ');
    wire.cut('0123456789');
    expect((await arrived()).length).toBe('before '.length + 6);
    expect([socket.destroyed, wire.isStalled]).toEqual([true, true]);
  });
});
