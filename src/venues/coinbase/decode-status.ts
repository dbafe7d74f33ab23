import type { Instrument } from '../../model/market.js';
import { findDecimal } from '../../wire/decimals.js';
import {
  dropAbsent,
  findText,
  readList,
  readSymbol,
  readText,
  toObject,
  type RawObject,
} from '../../wire/fields.js';
import type { Decoding } from '../../wire/frame.js';
import { readEventType } from './decoding.js';

/** Decodes `status`: what can be traded. Documented, never recorded. */
export function decodeStatusEvent(event: RawObject, decoding: Decoding): void {
  const type = readEventType(event, decoding);
  if (type === undefined) return;
  const list = readList(event, 'products', decoding.place);
  const instruments = list.map((raw, index) => {
    decoding.place.item = index;
    return readInstrument(toObject(raw, decoding.place), decoding);
  });
  decoding.messages.push({
    type: type === 'snapshot' ? 'instruments.snapshot' : 'instruments.update',
    instruments,
  });
}

function readInstrument(raw: RawObject, decoding: Decoding): Instrument {
  const place = decoding.place;
  const found = {
    statusMessage: findText(raw, 'status_message', place),
    kind: findText(raw, 'product_type', place),
    displayName: findText(raw, 'display_name', place),
    priceIncrement: findDecimal(raw, 'quote_increment', place),
    sizeIncrement: findDecimal(raw, 'base_increment', place),
    minCost: findDecimal(raw, 'min_market_funds', place),
  };
  return {
    symbol: readSymbol(raw, 'id', place),
    base: readText(raw, 'base_currency', place),
    quote: readText(raw, 'quote_currency', place),
    status: readText(raw, 'status', place),
    ...dropAbsent(found),
  };
}
