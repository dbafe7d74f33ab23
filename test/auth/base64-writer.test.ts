import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countBase64UrlDigits, writeBase64Url } from '../../src/auth/base64-writer.js';

it('writes what Buffer writes, where it is told to, and nothing beside it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(9), (bytes, at) => {
      const text = Buffer.from(bytes).toString('base64url');
      expect(countBase64UrlDigits(bytes.length)).toBe(text.length);
      const target = Buffer.alloc(at + text.length + 3, '.');
      writeBase64Url(target, at, bytes);
      expect(target.toString('latin1')).toBe(`${'.'.repeat(at)}${text}...`);
    }),
  );
});
