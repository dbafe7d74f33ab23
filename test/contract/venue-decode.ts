import { describe, expect, it } from 'vitest';
import { ERROR_RULES, ProtocolError } from '../../src/model/error.js';
import type { Codec } from '../../src/model/venue.js';
import { toPlainFrame, type PlainFrame } from './plain-message.js';
import type { VenueSubject } from './venue.js';

/** Decodes a text and copies the result. */
export function decodeText(codec: Codec, text: string): PlainFrame {
  return toPlainFrame(codec.decode(Buffer.from(text, 'utf8')));
}

/** Decodes what must be refused; returns the error. */
export function refuseFrame(codec: Codec, frame: Uint8Array): ProtocolError {
  try {
    codec.decode(frame);
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    return error as ProtocolError;
  }
  throw new Error(`Accepted: ${Buffer.from(frame).toString('utf8').slice(0, 200)}`);
}

/** Frames mean what the fixtures say, every time and whatever came before. */
export function describeDecodeContract({ createVenue, fixtures }: VenueSubject): void {
  const venue = createVenue();

  describe('decode', () => {
    it('has a fixture for every channel', () => {
      const covered = new Set(fixtures.frames.map((fixture) => fixture.channel));
      for (const { name } of venue.channels) expect(covered, name).toContain(name);
    });

    it.each(fixtures.frames)('reads $name', ({ frame, channel, number, messages }) => {
      const decoded = decodeText(venue.createCodec(), frame);
      expect(decoded.channel).toBe(channel);
      expect(decoded.number).toBe(number ?? NaN);
      expect(decoded.messages).toHaveLength(messages.length);
      expect(decoded.messages).toMatchObject(messages);
    });

    it('says the same twice, and after any other frame', () => {
      const texts = fixtures.frames.map((fixture) => fixture.frame);
      const fresh = texts.map((text) => decodeText(venue.createCodec(), text));
      const codec = venue.createCodec();
      for (const [index, text] of texts.entries()) {
        for (const other of texts) {
          decodeText(codec, other);
          expect(decodeText(codec, text)).toEqual(fresh[index]);
        }
      }
    });

    it('keeps two codecs apart', () => {
      const [one, other] = [venue.createCodec(), venue.createCodec()];
      for (const { frame } of fixtures.frames) {
        const held = one.decode(Buffer.from(frame));
        const before = toPlainFrame(held);
        for (const second of fixtures.frames) other.decode(Buffer.from(second.frame));
        expect(toPlainFrame(held)).toEqual(before);
      }
    });

    it('leaves the bytes of the frame alone, and needs them no longer than the call', () => {
      const codec = venue.createCodec();
      for (const { frame } of fixtures.frames) {
        const padded = Buffer.from(`xx${frame}xx`);
        const bytes = padded.subarray(2, padded.length - 2);
        const decoded = codec.decode(bytes);
        expect(bytes.toString()).toBe(frame);
        const before = toPlainFrame(decoded);
        padded.fill(0);
        expect(toPlainFrame(decoded)).toEqual(before);
      }
    });

    it.each(fixtures.refusals)('explains the refusal $frame', ({ frame, code }) => {
      const decoded = decodeText(venue.createCodec(), frame);
      expect(decoded.channel).toBe('control');
      expect(decoded.messages).toMatchObject([{ type: 'request.refused', code }]);
      expect(Object.keys(ERROR_RULES)).toContain(code);
      const [refusal] = decoded.messages;
      expect(refusal?.['venueText']).not.toBe('');
      expect(refusal?.['likelyCause']).toMatch(/\.$/);
    });

    it.each(fixtures.unknownFrames)('passes over %s', (frame) => {
      const { messages } = decodeText(venue.createCodec(), frame);
      expect(messages.length).toBeGreaterThan(0);
      for (const message of messages) {
        expect(message.type).toBe('frame.skipped');
        expect(message['kind']).toMatch(/^[\x21-\x7e]{1,100}$/);
        expect(message['reason']).not.toBe('');
      }
    });

    it.each(fixtures.invalidFrames)('names $path in $frame', ({ frame, path }) => {
      const error = refuseFrame(venue.createCodec(), Buffer.from(frame));
      expect(error.code).toBe('FRAME_INVALID');
      expect(error.facts['path']).toBe(path);
      expect(error.facts['expected']).not.toBe('');
      expect(error.facts['received']).not.toBe('');
      expect(error.message).toContain(path);
    });
  });
}
