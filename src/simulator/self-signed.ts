/**
 * A certificate for 127.0.0.1 and localhost, made when the exchange starts and trusted by nobody
 * who was not told to: RFC 5280, P-256, signed by itself. node:crypto reads certificates and makes
 * none, hence the few lines of DER.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { CertificateDefect } from '../exchange/fault-schema.js';
import {
  encodeDer,
  encodeDerBits,
  encodeDerInteger,
  encodeDerObjectId,
  encodeDerTime,
} from './der.js';

const OBJECT_IDS = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
} as const;

const DAY_MS = 86_400_000;
const VALID_DAYS = 30;
const SERIAL_BYTES = 16;
const PEM_COLUMNS = 64;
const NAME = 'truefeed simulator';
const LEAF_NAME = 'truefeed simulator, with a defect';
const CONTEXT_0 = 0xa0;
const CONTEXT_3 = 0xa3;
const ALT_DNS = 0x82;
const ALT_IP = 0x87;

/** A key and the certificate for it. */
export interface SelfSigned {
  readonly keyPem: string;
  readonly certificatePem: string;
}

/** What a certificate says, and who vouches for it. */
interface CertificateParts {
  readonly nowMs: number;
  /** Days from now, both. */
  readonly valid: readonly [fromDays: number, toDays: number];
  readonly host: 'here' | 'elsewhere';
  /** Who signs it; it signs itself by default. */
  readonly issuer?: SelfSigned | undefined;
}

/** Makes a key and a certificate, valid from a day ago. */
export function createSelfSignedCertificate(nowMs: number): SelfSigned {
  return createCertificate({ nowMs, valid: [-1, VALID_DAYS], host: 'here' });
}

/**
 * Makes a certificate with one thing wrong. Those who trust `issuer` find that and nothing else;
 * nobody trusts one that is `self-signed`.
 */
export function createDefectiveCertificate(
  how: CertificateDefect,
  issuer: SelfSigned,
  nowMs: number,
): SelfSigned {
  switch (how) {
    case 'expired':
      return createCertificate({ nowMs, issuer, valid: [-VALID_DAYS, -1], host: 'here' });
    case 'not-yet-valid':
      return createCertificate({ nowMs, issuer, valid: [1, VALID_DAYS], host: 'here' });
    case 'wrong-host':
      return createCertificate({ nowMs, issuer, valid: [-1, VALID_DAYS], host: 'elsewhere' });
    case 'self-signed':
      return createSelfSignedCertificate(nowMs);
  }
}

function createCertificate({ nowMs, valid, host, issuer }: CertificateParts): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = encodeDer('sequence', encodeDerObjectId(OBJECT_IDS.ecdsaWithSha256));
  const [fromMs, toMs] = valid.map((days) => nowMs + days * DAY_MS) as [number, number];
  const toBeSigned = encodeDer(
    'sequence',
    encodeDer(CONTEXT_0, encodeDerInteger(Buffer.from([2]))),
    encodeDerInteger(makeSerial()),
    algorithm,
    encodeName(NAME),
    encodeDer('sequence', encodeDerTime(fromMs), encodeDerTime(toMs)),
    encodeName(issuer ? LEAF_NAME : NAME),
    publicKey.export({ format: 'der', type: 'spki' }),
    encodeDer(CONTEXT_3, encodeDer('sequence', ...encodeExtensions(host, issuer === undefined))),
  );
  const signature = sign('sha256', toBeSigned, issuer ? issuer.keyPem : privateKey);
  const certificate = encodeDer('sequence', toBeSigned, algorithm, encodeDerBits(signature));
  return {
    keyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    certificatePem: encodePem(certificate),
  };
}

/** At most 20 octets and positive (RFC 5280 section 4.1.2.2). */
function makeSerial(): Buffer {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

function encodeName(name: string): Buffer {
  const attribute = encodeDer(
    'sequence',
    encodeDerObjectId(OBJECT_IDS.commonName),
    encodeDer('utf8String', Buffer.from(name)),
  );
  return encodeDer('sequence', encodeDer('set', attribute));
}

function encodeExtensions(host: CertificateParts['host'], isAuthority: boolean): Buffer[] {
  const here = [
    encodeDer(ALT_DNS, Buffer.from('localhost')),
    encodeDer(ALT_IP, Buffer.from([127, 0, 0, 1])),
  ];
  const elsewhere = [encodeDer(ALT_DNS, Buffer.from('elsewhere.invalid'))];
  const names = encodeDer('sequence', ...(host === 'here' ? here : elsewhere));
  // It is its own authority: clients that are given it as one check that it says so.
  const authority = encodeDer('sequence', encodeDer('boolean', Buffer.from([0xff])));
  return [
    ...(isAuthority ? [encodeExtension(OBJECT_IDS.basicConstraints, authority)] : []),
    encodeExtension(OBJECT_IDS.subjectAltName, names),
  ];
}

function encodeExtension(objectId: string, value: Buffer): Buffer {
  return encodeDer('sequence', encodeDerObjectId(objectId), encodeDer('octetString', value));
}

function encodePem(der: Buffer): string {
  const lines = der.toString('base64').match(new RegExp(`.{1,${PEM_COLUMNS}}`, 'g')) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
