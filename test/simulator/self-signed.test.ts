import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeDer, encodeDerInteger, encodeDerObjectId } from '../../src/simulator/der.js';
import { createSelfSignedCertificate } from '../../src/simulator/self-signed.js';

const NOW_MS = Date.UTC(2026, 10, 21, 12, 30, 15);

describe('the self-signed certificate', () => {
  it('is read by node:crypto, verifies by its own key, and holds for this machine only', () => {
    const certificate = new X509Certificate(createSelfSignedCertificate(NOW_MS).certificatePem);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkHost('exchange.example')).toBeUndefined();
    expect(certificate.ca).toBe(true);
    expect(certificate.subject).toBe('CN=truefeed simulator');
    expect(Date.parse(certificate.validFrom)).toBe(NOW_MS - 86_400_000);
    expect(Date.parse(certificate.validTo)).toBe(NOW_MS + 30 * 86_400_000);
  });

  it('has a key and a serial number of its own each time', () => {
    const [first, second] = [1, 2].map(
      () => new X509Certificate(createSelfSignedCertificate(NOW_MS).certificatePem),
    );
    expect(first?.serialNumber).not.toBe(second?.serialNumber);
    expect(first?.publicKey.equals(second!.publicKey)).toBe(false);
  });
});

describe('DER', () => {
  it('writes whole numbers as X.690 says', () => {
    const hex = (...bytes: number[]): string =>
      encodeDerInteger(Uint8Array.from(bytes)).toString('hex');
    expect(hex(0)).toBe('020100');
    expect(hex(0x7f)).toBe('02017f');
    expect(hex(0x80)).toBe('02020080');
    expect(hex(0, 0, 1, 0)).toBe('02020100');
  });

  it('writes object ids', () => {
    expect(encodeDerObjectId('1.2.840.10045.4.3.2').toString('hex')).toBe('06082a8648ce3d040302');
  });

  it('writes a length that is the length', () => {
    fc.assert(
      fc.property(fc.nat(70_000), (length) => {
        const der = encodeDer('octetString', new Uint8Array(length));
        const first = der[1] ?? 0;
        const size = first < 0x80 ? 0 : first & 0x7f;
        const read = size === 0 ? first : der.readUIntBE(2, size);
        expect(read).toBe(length);
        expect(der.length).toBe(2 + size + length);
      }),
    );
  });
});
