export type {
  AuthContext,
  AuthFailure,
  AuthInspection,
  AuthReaction,
  AuthStrategy,
  DialCredentials,
  NonceSource,
  NonceStore,
  SignatureAlgorithm,
  Signer,
} from '../model/auth.js';
export { Secret, SECRET_MARK } from '../model/secret.js';
export { createHighWaterFile, type HighWaterFileOptions } from '../runtime/high-water-file.js';
export { decodeBase64 } from './base64.js';
export { convertDerSignature } from './der.js';
export { classifyFailure } from './failure.js';
export { decodeHmacSecret, type SecretDefect } from './hmac-secret.js';
export { createJwtMinter, type JwtMinter, type JwtMinterOptions } from './jwt.js';
export { KEY_DEFECTS, type KeyDefect } from './key-defect.js';
export { parseKeyAndSecret, type KeyAndSecret, type KeyFileDefect } from './key-file.js';
export { parsePrivateKey, readKeyAlgorithm, type ParsedPrivateKey } from './key-material.js';
export type { MaybePromise } from './maybe-promise.js';
export {
  createFreshNonces,
  createMemoryNonceStore,
  createNonceSource,
  NONCE_SCALES,
  scaleTime,
  shareMemoryNonceStore,
  type NonceScale,
  type NonceSourceOptions,
} from './nonce.js';
export { perMessage, type PerMessageOptions } from './per-message.js';
export {
  signedUpgrade,
  type SignedUpgradeOptions,
  type UpgradeCredentials,
  type UpgradeFacts,
  type UpgradeLayout,
} from './signed-upgrade.js';
export { createHmacSigner, createKeySigner, requestSignature } from './signer.js';
export {
  createTicketCache,
  type Ticket,
  type TicketCache,
  type TicketCacheOptions,
} from './ticket-cache.js';
export { ticket, type TicketOptions } from './ticket.js';
