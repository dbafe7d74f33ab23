/** What a client may ask, read from one message. Pure. */
import { REQUEST_CHANNELS, type RequestChannel } from '../messages.js';

const PRODUCTS_MAX = 2_000;

/** One message, understood or not. */
export type ClientRequest =
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'unknown-channel' }
  | {
      readonly kind: 'subscribe' | 'unsubscribe';
      readonly channel: RequestChannel;
      /** Undefined where the message names none: everything, or a channel without products. */
      readonly symbols: readonly string[] | undefined;
      readonly jwt: string | undefined;
    };

const UNREADABLE: ClientRequest = { kind: 'unreadable' };
const CHANNELS: ReadonlySet<string> = new Set(REQUEST_CHANNELS);

/** Reads a message; whatever it holds, it does not throw. */
export function readRequest(text: string): ClientRequest {
  const message = parseObject(text);
  if (!message) return UNREADABLE;
  const { type, channel, product_ids: products, jwt } = message;
  if (type !== 'subscribe' && type !== 'unsubscribe') return UNREADABLE;
  if (typeof channel !== 'string') return UNREADABLE;
  if (jwt !== undefined && jwt !== null && typeof jwt !== 'string') return UNREADABLE;
  const symbols = readSymbols(products);
  if (symbols === null) return UNREADABLE;
  if (!CHANNELS.has(channel)) return { kind: 'unknown-channel' };
  // An empty token is what clients without a key send; it is the same as none.
  return { kind: type, channel: channel as RequestChannel, symbols, jwt: jwt || undefined };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    // The venue answers a broken message like any other it does not understand.
    return undefined;
  }
}

/** Null where the list is not one. */
function readSymbols(value: unknown): readonly string[] | undefined | null {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || value.length > PRODUCTS_MAX) return null;
  return value.every((one) => typeof one === 'string') ? [...new Set<string>(value)] : null;
}
