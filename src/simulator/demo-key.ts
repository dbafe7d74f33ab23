import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';

/** Which kind of demo key; the portal hands out both. */
export type DemoKeyType = 'es256' | 'ed25519';

/** A key that opens this simulator and nothing else. */
export interface DemoKey {
  readonly keyName: string;
  /** As the portal gives it: SEC1 PEM for P-256, base64 of seed and public key for Ed25519. */
  readonly privateKey: string;
  readonly publicKey: KeyObject;
}

/** Makes a fresh key. */
export function createDemoKey(keyType: DemoKeyType): DemoKey {
  const keyName = `organizations/${randomUUID()}/apiKeys/${randomUUID()}`;
  if (keyType === 'es256') {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ format: 'pem', type: 'sec1' }).toString();
    return { keyName, privateKey: pem, publicKey };
  }
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' });
  const bytes = Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]);
  return { keyName, privateKey: bytes.toString('base64'), publicKey };
}
