import type { Instrument } from '../../model/market.js';
import { findDecimal } from '../../wire/decimals.js';
import {
  dropAbsent,
  isObject,
  readList,
  readSymbol,
  readText,
  toObject,
  type RawObject,
} from '../../wire/fields.js';
import type { Decoding } from '../../wire/frame.js';
import type { UpdateKind } from '../../wire/market.js';
import { enter, faultAt, type Place } from '../../wire/place.js';

/**
 * Decodes `instrument`, whose `data` is an object. Assets are passed over: what can be traded are
 * the pairs. An update holds the changed ones only, and none at all where an asset changed.
 */
export function decodeInstruments(frame: RawObject, type: UpdateKind, decoding: Decoding): void {
  const { place, messages } = decoding;
  const data = frame['data'];
  if (!isObject(data)) throw faultAt(place, 'data', ['an object', data]);
  enter(place, 'data');
  if (type === 'update' && data['pairs'] === undefined) return;
  const list = readList(data, 'pairs', place);
  const instruments = list.map((raw, index) => {
    place.item = index;
    return readInstrument(toObject(raw, place), place);
  });
  if (type === 'update' && instruments.length === 0) return;
  messages.push({
    type: type === 'snapshot' ? 'instruments.snapshot' : 'instruments.update',
    instruments,
  });
}

/** `tick_size` is the deprecated twin of `price_increment` and stands in where that is absent. */
function readInstrument(raw: RawObject, place: Place): Instrument {
  const found = {
    priceIncrement:
      findDecimal(raw, 'price_increment', place) ?? findDecimal(raw, 'tick_size', place),
    sizeIncrement: findDecimal(raw, 'qty_increment', place),
    minSize: findDecimal(raw, 'qty_min', place),
    minCost: findDecimal(raw, 'cost_min', place),
  };
  return {
    symbol: readSymbol(raw, 'symbol', place),
    base: readText(raw, 'base', place),
    quote: readText(raw, 'quote', place),
    status: readText(raw, 'status', place),
    ...dropAbsent(found),
  };
}
