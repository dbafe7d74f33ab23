import type { SymbolRule } from '../../model/venue.js';

/** The protocols, which spell two currencies differently. */
export type ProtocolVersion = 'v2' | 'v1';

/** Letters may be small in names of tokenised stocks (`AAPLx/USD`), `ETH2.S/ETH` has a point. */
const VALID = /^[A-Za-z0-9.]{1,20}\/[A-Za-z0-9.]{1,20}$/;

/** v2 names → the ones of v1 and of the REST API's `wsname` (websocket-v2, "symbology"). */
const V1_NAMES: ReadonlyMap<string, string> = new Map([
  ['BTC', 'XBT'],
  ['DOGE', 'XDG'],
]);

/** All other spellings → v2 names. The four-letter ones are the REST API's. */
const V2_NAMES: ReadonlyMap<string, string> = new Map([
  ...[...V1_NAMES].map(([modern, old]): [string, string] => [old, modern]),
  ['XXBT', 'BTC'],
  ['XXDG', 'DOGE'],
  ['XETH', 'ETH'],
  ['XLTC', 'LTC'],
  ['XXRP', 'XRP'],
  ['XXMR', 'XMR'],
  ['ZUSD', 'USD'],
  ['ZEUR', 'EUR'],
  ['ZGBP', 'GBP'],
  ['ZCAD', 'CAD'],
  ['ZJPY', 'JPY'],
]);

/** What a name without a separator may end in, the longer first. */
const QUOTES = ['ZUSD', 'ZEUR', 'ZGBP', 'USDC', 'USDT', 'USD', 'EUR', 'GBP', 'XBT', 'BTC', 'ETH'];

/**
 * How pairs are spelled. The two protocols are never mixed: `XBT/USD` on v2 is refused by the
 * venue, so it is explained here and not translated in silence.
 */
export function symbolRule(version: ProtocolVersion): SymbolRule {
  return {
    canonical: (symbol) => symbol,
    explainInvalid: (symbol) => explainInvalid(symbol, version),
  };
}

/** Says what is wrong with a spelling, with the likeliest right one. */
function explainInvalid(symbol: string, version: ProtocolVersion): string | undefined {
  const example = version === 'v2' ? 'BTC/USD' : 'XBT/USD';
  if (symbol.trim() === '') return `The symbol is empty; write a pair such as "${example}".`;
  const suggestion = suggestSymbol(symbol, version);
  if (symbol === suggestion) return undefined;
  const shown = symbol.slice(0, 40).replace(/[^\x20-\x7e]/g, '?');
  if (suggestion !== undefined) {
    return `Kraken ${version} spells this pair "${suggestion}"; write that instead of "${shown}".`;
  }
  return `"${shown}" is not a Kraken pair; write base and quote currency, "${example}".`;
}

/** The spelling that was likely meant; undefined where there is nothing to go by. */
function suggestSymbol(symbol: string, version: ProtocolVersion): string | undefined {
  const spelled = symbol.trim().replace(/[-_:\s/]+/g, '/');
  const pair = spelled.includes('/') ? spelled : splitByQuote(spelled.toUpperCase());
  const parts = pair.split('/').map((part) => respell(part, version));
  const suggestion = parts.join('/');
  return VALID.test(suggestion) ? suggestion : undefined;
}

/**
 * Names in small letters only are a habit of other venues; a small letter among capitals is
 * Kraken's.
 */
function respell(name: string, version: ProtocolVersion): string {
  const cased = name === name.toLowerCase() ? name.toUpperCase() : name;
  const modern = V2_NAMES.get(cased) ?? cased;
  return version === 'v2' ? modern : (V1_NAMES.get(modern) ?? modern);
}

function splitByQuote(text: string): string {
  const quote = QUOTES.find((one) => text.endsWith(one) && text.length > one.length);
  return quote === undefined ? text : `${text.slice(0, -quote.length)}/${quote}`;
}
