import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src/model/error.js';
import { parseJson, parseJsonDigits, toText } from '../../src/wire/frame-text.js';
import { createFrameAssembly, reportSkipped } from '../../src/wire/frame.js';
import { enter, faultAt, FieldFault } from '../../src/wire/place.js';

function refuse(text: string, decode: (text: string) => void): ProtocolError {
  const assembly = createFrameAssembly('somewhere');
  assembly.start();
  try {
    assembly.decode(Buffer.from(text), [], decode);
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    expect(assembly.decoding.messages).toEqual([]);
    return error as ProtocolError;
  }
  throw new Error('Nothing was refused.');
}

describe('the assembly of a frame', () => {
  it('forgets the last frame, and reuses the object', () => {
    const assembly = createFrameAssembly('somewhere');
    const { decoding } = assembly;
    const { frame } = decoding;
    Object.assign(frame, { channel: 'book', number: 5, sentAtMs: 6 });
    enter(decoding.place, 'data[0]');
    decoding.wireChannel = 'book';
    reportSkipped(decoding, 'kind', 'reason');
    assembly.start();
    expect(decoding.frame).toBe(frame);
    expect(frame).toEqual({ channel: 'control', number: NaN, sentAtMs: NaN, messages: [] });
    let seen: unknown;
    assembly.decode(Buffer.from('{}'), [], () => {
      seen = structuredClone([decoding.place, decoding.wireChannel]);
    });
    expect(seen).toEqual([{ entry: '', list: '', item: -1 }, '']);
  });

  it('says of a fault where it is, what was expected and what came', () => {
    const place = { entry: 'data[0]', list: '', item: -1 };
    const error = refuse('{"token":"abc"}', () => {
      throw faultAt(place, 'price', ['a decimal', 'x']);
    });
    expect(error.code).toBe('FRAME_INVALID');
    expect(error.message).toContain('The field data[0].price of a frame should be a decimal');
    expect(error.facts).toEqual({
      venue: 'somewhere',
      path: 'data[0].price',
      expected: 'a decimal',
      received: '"x"',
      frame: '{"token":"[secret]"}',
    });
  });

  it('says so where the frame as a whole is wrong', () => {
    expect(refuse('<html>', parseJson).message).toMatch(/^A frame should be JSON but is "<html>"/);
    expect(refuse('7', parseJsonDigits).facts).toMatchObject({
      path: '',
      expected: 'a JSON object or list',
      received: '"7"',
    });
  });

  it('gives up all of a frame where a part of it is wrong', () => {
    const assembly = createFrameAssembly('somewhere');
    expect(() =>
      assembly.decode(Buffer.from('{}'), [], () => {
        reportSkipped(assembly.decoding, 'kind', 'reason');
        throw new FieldFault('x', 'y', 'z');
      }),
    ).toThrow(ProtocolError);
    expect(assembly.decoding.messages).toEqual([]);
  });

  it('leaves a bug a bug', () => {
    const bug = new TypeError('not a function');
    const assembly = createFrameAssembly('somewhere');
    expect(() =>
      assembly.decode(Buffer.from('{}'), [], () => {
        throw bug;
      }),
    ).toThrow(bug);
  });

  it('reports what is not known by its channel and kind, in printable words', () => {
    const { decoding } = createFrameAssembly('somewhere');
    reportSkipped(decoding, '\u001b[31m', 'First.');
    decoding.wireChannel = 'a channel';
    reportSkipped(decoding, '', 'Second.');
    expect(decoding.messages).toEqual([
      { type: 'frame.skipped', kind: '__31m', reason: 'First.' },
      { type: 'frame.skipped', kind: 'a_channel/empty', reason: 'Second.' },
    ]);
  });
});

describe('the text of a frame', () => {
  it('is read where the frame begins, and kept where it ends', () => {
    expect(toText(Buffer.from('xx{"a":1}xx').subarray(2, 9))).toBe('{"a":1}');
  });

  it('is parsed with numbers, or with the digits of numbers', () => {
    expect(parseJson('{"a":1.10,"b":"2"}')).toEqual({ a: 1.1, b: '2' });
    expect(parseJsonDigits('{"a":1.10,"b":"2"}')).toEqual({ a: '1.10', b: '2' });
    expect(parseJsonDigits('[1.10]')).toEqual(['1.10']);
  });
});
