/** What an exchange serves: a market that is made up and traded, or a recording. */
import type { MarketChange, MarketSource, RecordedSession } from '../model/exchange.js';
import type { ExchangeParts, MarketOptions } from './exchange-parts.js';
import { Playback } from './playback.js';
import { openTrading, type SimulatedTrading, type TradingOptions } from './trading.js';
import {
  createMarketControl,
  openVenueMarket,
  type MarketControl,
  type VenueMarket,
} from './venue-market.js';

/** What a server reads from, and what is done to it. */
export interface ServedMarket {
  readonly source: MarketSource;
  /** Absent where a recording is served: what was recorded cannot be traded. */
  readonly trading?: SimulatedTrading;
  readonly control?: MarketControl;
  tell(change: MarketChange): void;
}

/** A synthetic market of a venue, with an engine over it; `account` is that of the demo key. */
export function serveSynthetic(
  options: MarketOptions & TradingOptions,
  parts: ExchangeParts,
  { venue, account }: { readonly venue: VenueMarket; readonly account: string },
): Required<ServedMarket> {
  const market = openVenueMarket(options, parts, venue);
  const trading = openTrading(market, parts, { account, options });
  const control = createMarketControl(market, trading.market, venue);
  return { source: trading.market, trading, control, tell: (change) => market.tell(change) };
}

/** A recording, at the pace that was asked for. */
export function serveRecording(
  session: RecordedSession,
  { speed, clock, timers }: ExchangeParts,
): ServedMarket {
  const playback = new Playback({ session, speed, clock, timers });
  return { source: playback, tell: (change) => playback.tell(change) };
}
