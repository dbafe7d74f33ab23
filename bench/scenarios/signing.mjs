// Tokens and signatures, made and checked. The floor is the bare signature over as many bytes, with
// a key that is parsed already.
import {
  createHash,
  createHmac,
  createSecretKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';
import { randomBytes } from 'node:crypto';
import { createSigner } from 'fast-jwt';
import { jwtVerify, SignJWT } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { systemRuntime } from 'truefeed';
import { createHmacSigner } from 'truefeed/auth';
import { createCoinbaseJwtMinter } from 'truefeed/venues/coinbase';
import { signKrakenRequest } from 'truefeed/venues/kraken';
// The server half has no entry of its own in the package; this is the file that the simulator uses.
import { createCoinbaseVerifier } from '../../.cache/compiled/venues/coinbase/server/sign-in.js';
import { compareRates } from '../measure.mjs';

const KEY_NAME =
  'organizations/6f0b1c1e-4f1d-4a56-9d3c-0d4b52a6a9b1/apiKeys/b1d3c6aa-7f6e-4c07-8a0f-2f6f6a0e5a11';
const IN_FLIGHT = 8;
/** As many times the turns of other scenarios: a hundredth is to be told from the next one. */
const MORE_TURNS = 3;
const clock = { nowMs: () => Date.now() };

function claims() {
  const notBefore = Math.floor(Date.now() / 1000) - 5;
  return { sub: KEY_NAME, iss: 'cdp', nbf: notBefore, exp: notBefore + 120 };
}

function headerFields() {
  return { kid: KEY_NAME, typ: 'JWT', nonce: randomBytes(16).toString('hex') };
}

function makeKey(algorithm) {
  if (algorithm === 'ES256') {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = pair.privateKey.export({ format: 'pem', type: 'sec1' });
    return { ...pair, pem, portalText: pem };
  }
  const pair = generateKeyPairSync('ed25519');
  const { d, x } = pair.privateKey.export({ format: 'jwk' });
  const bytes = Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]);
  const pem = pair.privateKey.export({ format: 'pem', type: 'pkcs8' });
  return { ...pair, pem, portalText: bytes.toString('base64') };
}

function repeat(make) {
  return (count) => {
    for (let index = 0; index < count; index += 1) make();
  };
}

function repeatAsync(make, inFlight = 1) {
  return async (count) => {
    for (let index = 0; index < count; index += inFlight) {
      if (inFlight === 1) await make();
      else await Promise.all(Array.from({ length: inFlight }, make));
    }
  };
}

function mintOurs(algorithm) {
  const { portalText } = makeKey(algorithm);
  const random = systemRuntime().random;
  const credentials = { keyName: KEY_NAME, privateKey: portalText };
  const minter = createCoinbaseJwtMinter(credentials, random);
  const run = repeat(() => minter.mint(Date.now()));
  return { name: 'truefeed createCoinbaseJwtMinter', role: 'ours', run };
}

function mintWithJose(algorithm, inFlight) {
  const { privateKey } = makeKey(algorithm);
  const make = () =>
    new SignJWT(claims())
      .setProtectedHeader({ alg: algorithm, ...headerFields() })
      .sign(privateKey);
  const name = inFlight === 1 ? 'jose, one after the other' : `jose, ${inFlight} in flight`;
  return { name, role: 'peer', run: repeatAsync(make, inFlight) };
}

function mintWithFastJwt(algorithm) {
  const { privateKey } = makeKey(algorithm);
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' });
  const signer = createSigner({ key, algorithm, header: headerFields(), noTimestamp: true });
  const note = 'one signer reused, so that the nonce is the same in every token';
  return { name: 'fast-jwt', role: 'peer', note, run: repeat(() => signer(claims())) };
}

function bareSignature(algorithm, bytes) {
  const { privateKey } = makeKey(algorithm);
  const hash = algorithm === 'ES256' ? 'sha256' : null;
  const run = repeat(() => sign(hash, bytes, privateKey));
  return { name: `bare crypto.sign, ${bytes.length} B`, role: 'floor', run };
}

/** How many bytes a token of ours signs. */
function signedBytes() {
  const { portalText } = makeKey('ES256');
  const credentials = { keyName: KEY_NAME, privateKey: portalText };
  const token = createCoinbaseJwtMinter(credentials, systemRuntime().random).mint(Date.now());
  return Buffer.from(token.slice(0, token.lastIndexOf('.')));
}

function mintWithJsonwebtoken(kind) {
  const { privateKey, pem } = makeKey('ES256');
  const key = kind === 'PEM' ? pem : privateKey;
  const make = () =>
    jsonwebtoken.sign(claims(), key, { algorithm: 'ES256', header: headerFields() });
  return { name: `jsonwebtoken with a ${kind}`, role: 'peer', run: repeat(make) };
}

function listMinters(bytes) {
  return [
    mintOurs('ES256'),
    bareSignature('ES256', bytes),
    mintWithFastJwt('ES256'),
    mintWithJsonwebtoken('KeyObject'),
    mintWithJsonwebtoken('PEM'),
    mintWithJose('ES256', 1),
    mintWithJose('ES256', IN_FLIGHT),
  ];
}

function listEdwardsMinters(bytes) {
  return [
    mintOurs('EdDSA'),
    bareSignature('EdDSA', bytes),
    mintWithFastJwt('EdDSA'),
    mintWithJose('EdDSA', 1),
  ];
}

function listKrakenSigners() {
  const secret = randomBytes(64);
  const signer = createHmacSigner(secret, 'HMAC-SHA512');
  const key = createSecretKey(secret);
  const path = '/0/private/GetWebSocketsToken';
  let nonce = 1_700_000_000_000n;
  const message = Buffer.from(path);
  const signOurs = () => {
    nonce += 1n;
    return signKrakenRequest({ path, nonce, body: `nonce=${nonce}`, signer });
  };
  const signBare = () => {
    nonce += 1n;
    const digest = createHash('sha256').update(`${nonce}nonce=${nonce}`).digest();
    return createHmac('sha512', key).update(message).update(digest).digest('base64');
  };
  return [
    { name: 'truefeed signKrakenRequest', role: 'ours', run: repeat(signOurs) },
    { name: 'bare SHA-256 and HMAC-SHA512', role: 'floor', run: repeat(signBare) },
  ];
}

function listVerifiers() {
  const { portalText, publicKey } = makeKey('ES256');
  const credentials = { keyName: KEY_NAME, privateKey: portalText };
  const token = createCoinbaseJwtMinter(credentials, systemRuntime().random).mint(Date.now());
  const verifier = createCoinbaseVerifier({
    keys: new Map([[KEY_NAME, publicKey]]),
    clock,
    // The token is made once and would end while it is measured.
    toleranceMs: 3_600_000,
  });
  if (!verifier.verify(token).ok) throw new Error('Our own token is not accepted.');
  const at = token.lastIndexOf('.');
  const bytes = Buffer.from(token.slice(0, at));
  const signature = Buffer.from(token.slice(at + 1), 'base64url');
  const bareKey = { key: publicKey, dsaEncoding: 'ieee-p1363' };
  const pem = publicKey.export({ format: 'pem', type: 'spki' });
  const clockTolerance = 3_600;
  const withKey = (key) => () =>
    jsonwebtoken.verify(token, key, { algorithms: ['ES256'], issuer: 'cdp', clockTolerance });
  const withJose = () => jwtVerify(token, publicKey, { issuer: 'cdp', clockTolerance });
  const bare = () => verify('sha256', bytes, bareKey, signature);
  return [
    {
      name: "truefeed server half's check",
      role: 'ours',
      run: repeat(() => verifier.verify(token)),
    },
    { name: 'bare crypto.verify', role: 'floor', run: repeat(bare) },
    { name: 'jsonwebtoken with a KeyObject', role: 'peer', run: repeat(withKey(publicKey)) },
    { name: 'jsonwebtoken with a PEM', role: 'peer', run: repeat(withKey(pem)) },
    { name: 'jose, one after the other', role: 'peer', run: repeatAsync(withJose) },
  ];
}

/** Groups of this scenario. */
export async function measure({ repeats, turnMs, note }) {
  const group = async (title, contenders) => {
    note(title);
    const rows = await compareRates(contenders, { repeats: MORE_TURNS * repeats, turnMs });
    return { title, unit: 'a CPU-second', better: 'higher', rows };
  };
  const bytes = signedBytes();
  return [
    await group('Coinbase token, ES256', listMinters(bytes)),
    await group('Coinbase token, Ed25519', listEdwardsMinters(bytes)),
    await group('Kraken REST signature', listKrakenSigners()),
    await group('Checking an ES256 token', listVerifiers()),
  ];
}
