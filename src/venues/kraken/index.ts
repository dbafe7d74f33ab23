export { krakenAuth, type KrakenAuthOptions } from './auth.js';
export {
  createKrakenSigner,
  explainKrakenSecret,
  parseKrakenCredentials,
  type KrakenCredentials,
} from './credentials.js';
export { KRAKEN_ERRORS, describeKrakenError, type KrakenErrorRule } from './errors.js';
export { signKrakenRequest, type KrakenRequest } from './request.js';
export {
  fetchKrakenToken,
  KRAKEN_REST_URL,
  type KrakenToken,
  type KrakenTokenTools,
} from './token.js';
