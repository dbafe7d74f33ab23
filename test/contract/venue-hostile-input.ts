import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLevelColumns } from '../../src/book/level-columns.js';
import { ProtocolError } from '../../src/model/error.js';
import type { Codec } from '../../src/model/venue.js';
import { toPlainFrame, type PlainFrame } from './plain-message.js';
import type { VenueSubject } from './venue.js';
import { decodeText, refuseFrame } from './venue-decode.js';

/**
 * Truncations of a long frame are sampled, so that all of one frame cost at most this many bytes.
 */
const TRUNCATED_BYTES_MAX = 4_000_000;

const NOT_JSON = [
  '',
  ' ',
  'null',
  '0',
  'true',
  '""',
  '[[]]',
  '{',
  '\u0000',
  '<html><body><h1>502 Bad Gateway</h1></body></html>',
  'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n',
  'ping',
  '{"a":1}{"b":2}',
];

/** Decodes any bytes; a ProtocolError FRAME_INVALID is an answer, any other error is a failure. */
export function decodeAnyBytes(codec: Codec, bytes: Uint8Array): PlainFrame | undefined {
  try {
    return toPlainFrame(codec.decode(bytes));
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    expect(error.code).toBe('FRAME_INVALID');
    expect(String(error.facts['frame'] ?? '').length).toBeLessThanOrEqual(200);
    expect(error.message).toMatch(/^[^\p{Cc}]{1,500}$/u);
    return undefined;
  }
}

/** Whatever comes, the codec answers with a value or a ProtocolError, and goes on as before. */
export function describeHostileInputContract({ createVenue, fixtures }: VenueSubject): void {
  const codec = createVenue().createCodec();
  const frames = fixtures.frames.map((fixture) => Buffer.from(fixture.frame.trim()));

  describe('hostile input', () => {
    it.each(fixtures.frames)('refuses every truncation of $name', ({ frame }) => {
      const bytes = Buffer.from(frame.trim());
      const step = Math.max(1, Math.ceil(bytes.length ** 2 / 2 / TRUNCATED_BYTES_MAX));
      for (let length = 0; length < bytes.length; length += step) {
        const decoded = decodeAnyBytes(codec, bytes.subarray(0, length));
        expect(decoded?.messages ?? []).toEqual([]);
      }
    });

    it.each(NOT_JSON)('refuses %j or makes nothing of it', (text) => {
      const decoded = decodeAnyBytes(codec, Buffer.from(text));
      expect(decoded?.messages ?? []).toEqual([]);
    });

    it('answers mutated bytes with a value or a ProtocolError, and is as good as new', () => {
      const mutations = fc.array(
        fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) }),
        { minLength: 1, maxLength: 4 },
      );
      const fresh = frames.map((frame) => decodeAnyBytes(createVenue().createCodec(), frame));
      fc.assert(
        fc.property(fc.nat(frames.length - 1), mutations, (which, changes) => {
          const frame = frames[which]!;
          const mutated = Buffer.from(frame);
          for (const { at, byte } of changes) mutated[at % mutated.length] = byte;
          decodeAnyBytes(codec, mutated);
          expect(decodeAnyBytes(codec, frame)).toEqual(fresh[which]);
        }),
        { numRuns: 500 },
      );
    });

    it('answers any change of one value with a value or a ProtocolError', () => {
      fc.assert(
        fc.property(fc.nat(frames.length - 1), fc.nat(), fc.jsonValue(), (which, at, value) => {
          const changed = replaceValue(JSON.parse(frames[which]!.toString()), at, value);
          decodeAnyBytes(codec, Buffer.from(JSON.stringify(changed)));
        }),
        { numRuns: 1_000 },
      );
    });

    it('answers any text and any JSON with a value or a ProtocolError', () => {
      fc.assert(fc.property(fc.string(), (text) => void decodeAnyBytes(codec, Buffer.from(text))));
      fc.assert(fc.property(fc.json(), (text) => void decodeAnyBytes(codec, Buffer.from(text))));
    });

    it('is not moved by deep nesting', () => {
      const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
      decodeAnyBytes(codec, Buffer.from(deep));
      for (const frame of fixtures.frames) {
        const opened = frame.frame.trim();
        if (!opened.startsWith('{')) continue;
        const decoded = decodeAnyBytes(codec, Buffer.from(`{"more":${deep},${opened.slice(1)}`));
        expect(decoded?.messages).toEqual(decodeText(codec, frame.frame).messages);
      }
    });

    it('gives no object a new prototype, and passes over names that are traps', () => {
      const traps = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},';
      for (const { frame } of fixtures.frames) {
        const trapped = frame.replaceAll(/\{(?=")/g, `{${traps}`);
        decodeAnyBytes(codec, Buffer.from(trapped));
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
        for (const text of [frame, trapped]) {
          for (const message of decodeOrNothing(codec, text)) expectPlainPrototypes(message);
        }
      }
    });

    it('refuses what is no UTF-8, wherever that stands', () => {
      for (const { frame } of fixtures.frames) {
        const bytes = Buffer.from(frame);
        for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
          const broken = Buffer.from(bytes);
          broken[at] = 0xff;
          expect(() => codec.decode(broken)).toThrow(ProtocolError);
        }
      }
    });

    it('masks what may be secret in the errors of broken frames', () => {
      for (const { frame, secret } of fixtures.secretFrames) {
        const shown = inspect(refuseFrame(codec, Buffer.from(frame)), { depth: null });
        expect(shown).not.toContain(secret);
      }
    });
  });
}

function decodeOrNothing(codec: Codec, text: string): readonly unknown[] {
  try {
    return codec.decode(Buffer.from(text)).messages;
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    return [];
  }
}

const PLAIN_PROTOTYPES: readonly unknown[] = [
  null,
  Object.prototype,
  Array.prototype,
  Map.prototype,
  Uint8Array.prototype,
  Float64Array.prototype,
  Object.getPrototypeOf(createLevelColumns()),
];

/** No value that came from the wire may have a prototype of the sender's making. */
function expectPlainPrototypes(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  expect(PLAIN_PROTOTYPES.includes(Object.getPrototypeOf(value))).toBe(true);
  expect(Object.hasOwn(value, '__proto__')).toBe(false);
  if (!ArrayBuffer.isView(value)) Object.values(value).forEach(expectPlainPrototypes);
}

/** A copy with the value at the n-th place, counted through the whole tree, replaced. */
function replaceValue(tree: unknown, at: number, value: unknown): unknown {
  const places: { holder: Record<string, unknown>; name: string }[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const holder = node as Record<string, unknown>;
    for (const name of Object.keys(holder)) {
      places.push({ holder, name });
      visit(holder[name]);
    }
  };
  visit(tree);
  const place = places[at % Math.max(1, places.length)];
  if (place !== undefined) place.holder[place.name] = value;
  return tree;
}
