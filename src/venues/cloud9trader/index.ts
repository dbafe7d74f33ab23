/**
 * Cloud9Trader. README.md of this folder says what is known of the venue, how, and what is ours.
 *
 * @packageDocumentation
 */
import type { AuthStrategy } from '../../model/auth.js';
import { ConfigError } from '../../model/error.js';
import { checkNames } from '../../model/option-names.js';
import type { BackoffRule, LivenessRule, Venue, VenueLimits } from '../../model/venue.js';
import { cloud9traderAuth, type Cloud9TraderCredentials } from './auth.js';
import { BOOK_RULE } from './book.js';
import { CHANNEL_RULES, ENDPOINT_NAME } from './channels.js';
import { createCloud9TraderCodec } from './codec.js';
import { orderEntryRule } from './order-entry.js';
import { SEQUENCE_RULE } from './sequence.js';
import { SYMBOL_RULE } from './symbols.js';

export {
  cloud9traderAuth,
  parseCloud9TraderCredentials,
  signCloud9TraderUpgrade,
  type Cloud9TraderCredentials,
  type Cloud9TraderUpgrade,
} from './auth.js';

/** Where everything is served, public and private (websocket-api). There is no sandbox. */
export const CLOUD9TRADER_URL = 'wss://sockets.cloud9trader.com/';

/** What may differ from the venue as it is. */
export interface Cloud9TraderOptions {
  /** Another address: a simulator or a gateway. */
  readonly url?: string | undefined;
  /**
   * The API key for public sockets, sent as `?key=` as the vendor's library does. An identifier and
   * no secret; the pages ask for none.
   */
  readonly key?: string | undefined;
  /**
   * Whether the server takes our own `submit cancel`, as the simulator does; the venue documents no
   * cancel, so that it is off by default.
   */
  readonly extensions?: boolean | undefined;
}

/** Complete by its type: a new option that is left out here does not compile. */
const OPTION_NAMES: Readonly<Record<keyof Cloud9TraderOptions, true>> = {
  url: true,
  key: true,
  extensions: true,
};

const MIB = 2 ** 20;

/** No limit is documented; these are what a considerate client keeps. */
const LIMITS: VenueLimits = {
  connects: { count: 2, windowMs: 1_000 },
  messages: { count: 20, windowMs: 1_000 },
  maxFrameBytes: 16 * MIB,
};

/** The venue has no heartbeat, and instruments rest at night: the protocol's ping has to serve. */
const LIVENESS: LivenessRule = { silentAfterMs: 30_000, pongProvesLife: true };

/** The vendor's library goes from one second to fifteen. */
const BACKOFF: BackoffRule = { firstMs: 1_000, maxMs: 30_000, leastMs: 500 };

/** Makes the venue. Every fact of it is data or pure, but `createAuth`. */
export function cloud9trader(options: Cloud9TraderOptions = {}): Venue<Cloud9TraderCredentials> {
  checkNames('the options of cloud9trader', options, OPTION_NAMES);
  return {
    id: 'cloud9trader',
    title: 'Cloud9Trader',
    endpoints: [{ name: ENDPOINT_NAME, url: toAddress(options) }],
    channels: CHANNEL_RULES,
    acknowledges: 'none',
    limits: LIMITS,
    liveness: LIVENESS,
    backoff: BACKOFF,
    sequence: SEQUENCE_RULE,
    book: BOOK_RULE,
    symbols: SYMBOL_RULE,
    orderEntry: orderEntryRule({ extensions: options.extensions ?? false }),
    createCodec: createCloud9TraderCodec,
    createAuth: (credentials) => withoutPublicKey(cloud9traderAuth(credentials)),
  };
}

/** Refuses what could never be dialled, before anything is tried. */
function toAddress({ url = CLOUD9TRADER_URL, key }: Cloud9TraderOptions): string {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol !== 'wss:' && protocol !== 'ws:') {
    throw new ConfigError(
      'OPTION_INVALID',
      'The option url is not a WebSocket address; write one that begins with "wss://".',
      { facts: { option: 'url' } },
    );
  }
  if (key === undefined) return url;
  const address = new URL(url);
  address.searchParams.set('key', key);
  return address.href;
}

/**
 * A signed upgrade names its key in a header; the public key beside it would be a second identity.
 */
function withoutPublicKey(auth: AuthStrategy): AuthStrategy {
  return {
    ...auth,
    async prepareDial(context) {
      const credentials = (await auth.prepareDial?.(context)) ?? {};
      const address = new URL(context.url);
      if (!address.searchParams.has('key')) return credentials;
      address.searchParams.delete('key');
      return { ...credentials, url: address.href };
    },
  };
}
