import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countBase64Digits, writeBase64Url } from '../../src/auth/base64-writer.js';

it('writes what Buffer writes, where it is told to, and nothing beside it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(9), (bytes, at) => {
      const text = Buffer.from(bytes).toString('base64url');
      expect(countBase64Digits(bytes.length)).toBe(text.length);
      const target = Buffer.alloc(at + text.length + 3, '.');
      expect(writeBase64Url(target, at, bytes)).toBe(at + text.length);
      expect(target.toString('latin1')).toBe(`${'.'.repeat(at)}${text}...`);
    }),
  );
});
