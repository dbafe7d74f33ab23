import type { SymbolRule } from '../../model/venue.js';
import { PUBLIC_FAMILIES } from './messages.js';
import { isInstrumentId } from './topics.js';

/** Brokers that the pages and the library name; there may be others. */
const KNOWN_BROKERS = ['FXCM', 'OANDA', 'BitMEX', 'Binance', 'Bitfinex', 'HitBTC'];

/** Instruments are `<symbol>:<broker>`, case-sensitive, and have one name each. */
export const SYMBOL_RULE: SymbolRule = {
  canonical: (symbol) => symbol,
  explainInvalid,
};

/** Says what is wrong with a spelling, with the likeliest right one. */
function explainInvalid(symbol: string): string | undefined {
  if (symbol.trim() === '') return 'The symbol is empty; write one such as "BTCUSDT:Binance".';
  const suggestion = suggestSymbol(symbol);
  if (symbol === suggestion) return undefined;
  const shown = symbol.slice(0, 40).replace(/[^\x20-\x7e]/g, '?');
  if (suggestion !== undefined) return `Write "${suggestion.slice(0, 97)}" instead of "${shown}".`;
  if (!symbol.includes(':')) {
    return `"${shown}" names no broker; write symbol, colon and broker, "BTCUSDT:Binance".`;
  }
  return `"${shown}" is not an instrument; write symbol, colon and broker, "BTCUSDT:Binance".`;
}

/** The spelling that was likely meant, the symbol itself where nothing is wrong with it. */
function suggestSymbol(symbol: string): string | undefined {
  let spelled = symbol.trim();
  const family = PUBLIC_FAMILIES.find((one) => spelled.startsWith(`${one}.`));
  // A topic was given; its instrument was meant.
  if (family !== undefined) spelled = spelled.slice(family.length + 1);
  if (!isInstrumentId(spelled)) return undefined;
  const colon = spelled.lastIndexOf(':');
  const broker = spelled.slice(colon + 1);
  const known = KNOWN_BROKERS.find((one) => one.toLowerCase() === broker.toLowerCase());
  return `${spelled.slice(0, colon)}:${known ?? broker}`;
}
