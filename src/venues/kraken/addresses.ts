import { ConfigError } from '../../model/error.js';
import { KRAKEN_REST_URL } from './token.js';

// The venue's addresses (guides/spot-ws-intro, read 2026-05). There is no sandbox.

/** Public data, protocol v2. */
export const KRAKEN_MARKET_URL = 'wss://ws.kraken.com/v2';
/** Private data, protocol v2. */
export const KRAKEN_AUTH_URL = 'wss://ws-auth.kraken.com/v2';
/** Orders of the book, since 2025-12 on a host of its own (changelog). */
export const KRAKEN_LEVEL3_URL = 'wss://ws-l3.kraken.com/v2';
/** Public data, protocol v1. */
export const KRAKEN_V1_MARKET_URL = 'wss://ws.kraken.com';
/** Private data, protocol v1. */
export const KRAKEN_V1_AUTH_URL = 'wss://ws-auth.kraken.com';

/** Addresses other than the venue's: a simulator, a gateway, a colocated host. */
export interface KrakenAddressOptions {
  /** Another address for market data. */
  readonly marketUrl?: string | undefined;
  /** Another address for private data; the market address by default if that one is given. */
  readonly authUrl?: string | undefined;
  /**
   * Another address for the token; where the sockets are by default, if they are not the venue's.
   */
  readonly restUrl?: string | undefined;
}

/** Refuses what could never be dialled, before anything is tried. */
export function checkAddress(url: string, option: string): string {
  const { protocol } = parseUrl(url) ?? { protocol: '' };
  if (protocol === 'wss:' || protocol === 'ws:') return url;
  throw new ConfigError(
    'OPTION_INVALID',
    `The option ${option} is not a WebSocket address; write one that begins with "wss://".`,
    { facts: { option } },
  );
}

/**
 * Where the token comes from. A gateway or simulator issues its own keys, so that the venue must
 * not be asked with them, nor they with the venue's: REST goes to the host of the sockets unless
 * that is one of the venue's hosts.
 */
export function chooseRestUrl(restUrl: string | undefined, privateUrl: string): string {
  if (restUrl !== undefined) {
    const { protocol } = parseUrl(restUrl) ?? { protocol: '' };
    if (protocol === 'https:' || protocol === 'http:') return restUrl;
    throw new ConfigError(
      'OPTION_INVALID',
      'The option restUrl is not an HTTP address; write one that begins with "https://".',
      { facts: { option: 'restUrl' } },
    );
  }
  const { protocol, host, hostname } = new URL(privateUrl);
  if (hostname.endsWith('.kraken.com')) return KRAKEN_REST_URL;
  return `${protocol === 'wss:' ? 'https:' : 'http:'}//${host}`;
}

function parseUrl(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
