import type { ChannelName, SymbolRule } from '../../model/venue.js';
import { NATIVE_USDC_PRODUCTS } from './messages.js';

const VALID = /^[A-Z0-9]{1,20}(?:-[A-Z0-9]{1,20}){1,3}$/;

/** Names that other venues use → the names here. */
const RENAMED_CURRENCIES: ReadonlyMap<string, string> = new Map([
  ['XBT', 'BTC'],
  ['XDG', 'DOGE'],
]);

/** The old form of another venue: `XXBTZUSD` for bitcoin in dollars. */
const PREFIXED_PAIR = /^X([A-Z]{3})[XZ]([A-Z]{3})$/;

/** What a name without a separator may end in, the longer first. */
const QUOTES = ['USDC', 'USDT', 'USD', 'EUR', 'GBP', 'BTC', 'XBT', 'ETH'];

/**
 * How products are spelled, and which names are one product. A `-USDC` name is another name of the
 * `-USD` product on every channel but `user`: data and acks come back as `-USD`
 * (websocket-channels, read 2026-11). The few native ones are listed; the REST products say so by
 * `alias`.
 */
export function symbolRule(
  nativeUsdcSymbols: readonly string[] = NATIVE_USDC_PRODUCTS,
): SymbolRule {
  const native = new Set(nativeUsdcSymbols);
  return {
    canonical(symbol: string, channel: ChannelName): string {
      if (channel === 'user' || !symbol.endsWith('-USDC') || native.has(symbol)) return symbol;
      return `${symbol.slice(0, -'-USDC'.length)}-USD`;
    },
    explainInvalid,
  };
}

/** Says what is wrong with a spelling, with the likeliest right one. */
function explainInvalid(symbol: string): string | undefined {
  if (symbol.trim() === '') return 'The symbol is empty; write a product id such as "BTC-USD".';
  const suggestion = suggestSymbol(symbol);
  if (symbol === suggestion) return undefined;
  const shown = symbol.slice(0, 40).replace(/[^\x20-\x7e]/g, '?');
  if (suggestion !== undefined) {
    return `Coinbase spells this product "${suggestion}"; write that instead of "${shown}".`;
  }
  if (VALID.test(symbol)) return undefined;
  return `"${shown}" is not a Coinbase product id; write base and quote currency, "BTC-USD".`;
}

/** The spelling that was likely meant; undefined where there is nothing to go by. */
function suggestSymbol(symbol: string): string | undefined {
  const spelled = symbol
    .trim()
    .toUpperCase()
    .replace(/[/_:\s.]+/g, '-');
  const parts = (spelled.includes('-') ? spelled : splitByQuote(spelled)).split('-');
  const renamed = parts.map((part) => RENAMED_CURRENCIES.get(part) ?? part).join('-');
  return VALID.test(renamed) ? renamed : undefined;
}

function splitByQuote(text: string): string {
  const prefixed = PREFIXED_PAIR.exec(text);
  if (prefixed !== null) return `${prefixed[1]}-${prefixed[2]}`;
  const quote = QUOTES.find((one) => text.endsWith(one) && text.length > one.length);
  return quote === undefined ? text : `${text.slice(0, -quote.length)}-${quote}`;
}
