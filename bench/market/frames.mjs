// Frames of each hot kind, as their venues spell them, for measuring the decoding alone.
import * as coinbaseWire from './coinbase-wire.mjs';
import * as krakenWire from './kraken-wire.mjs';
import { createMarket } from './market.mjs';
import { createRandom } from './random.mjs';

const COUNT = 500;
const SEED = 7;
const LEVELS = 2_000;

function openMarket(middle, changesPerMessage) {
  return createMarket({ levels: LEVELS, seed: SEED, middle, changesPerMessage });
}

function listTexts(write) {
  return Array.from({ length: COUNT }, (_, index) => write(index));
}

/** Coinbase `l2_data`, 11 levels and about 1.3 kB. */
function coinbaseBooks() {
  const market = openMarket(coinbaseWire.MIDDLE, 11);
  return listTexts((number) => {
    const time = coinbaseWire.timeOf(number);
    const events = coinbaseWire.updateEvents(market.nextChanges(), 'BTC-USD', time);
    return coinbaseWire.writeFrame({ channel: 'l2_data', time, number, events });
  });
}

/** Kraken v2 `book`, two levels. */
function krakenBooks() {
  const market = openMarket(krakenWire.MIDDLE, 2);
  return listTexts((index) => {
    const changes = market.nextChanges();
    return krakenWire.writeUpdate(market, {
      changes,
      symbol: 'BTC/USD',
      time: krakenWire.timeOf(index),
    });
  });
}

/** Kraken v2 `trade`, two trades. */
function krakenTrades() {
  const random = createRandom(SEED);
  const time = (index) => krakenWire.timeOf(index);
  const trade = (id) => {
    const price = krakenWire.writeNumber(krakenWire.MIDDLE + random.below(2_000), 1);
    const size = krakenWire.writeNumber(1 + random.below(90_000_000), 8);
    const [side, kind] = id % 2 === 0 ? ['buy', 'limit'] : ['sell', 'market'];
    const head = `{"symbol":"BTC/USD","side":"${side}","price":${price},"qty":${size}`;
    return `${head},"ord_type":"${kind}","trade_id":${70_635_299 + id},"timestamp":"${time(id)}"}`;
  };
  return listTexts((index) => {
    const data = `${trade(index * 2)},${trade(index * 2 + 1)}`;
    return `{"channel":"trade","type":"update","data":[${data}]}`;
  });
}

function orderId(random) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const part = (length) =>
    Array.from({ length }, () => letters[random.below(letters.length)]).join('');
  return `O${part(5)}-${part(5)}-${part(6)}`;
}

/** Kraken v2 `level3`, two orders. */
function krakenOrders() {
  const random = createRandom(SEED);
  return listTexts((index) => {
    const time = `${krakenWire.timeOf(index).slice(0, -1)}456Z`;
    const order = (change) => {
      const price = krakenWire.writeNumber(krakenWire.MIDDLE - random.below(2_000), 1);
      const size = krakenWire.writeNumber(1 + random.below(90_000_000), 8);
      const head = `{"event":"${change}","order_id":"${orderId(random)}","limit_price":${price}`;
      return `${head},"order_qty":${size},"timestamp":"${time}"}`;
    };
    const data =
      `{"checksum":${random.below(2 ** 32)},"timestamp":"${time}","symbol":"BTC/USD",` +
      `"bids":[${order('delete')},${order('add')}],"asks":[]}`;
    return `{"channel":"level3","type":"update","data":[${data}]}`;
  });
}

/** Kraken v1 `book`, two levels. */
function krakenV1Books() {
  const random = createRandom(SEED);
  return listTexts((index) => {
    const level = () => {
      const price = krakenWire.writeNumber((krakenWire.MIDDLE + random.below(2_000)) * 10_000, 5);
      const size = krakenWire.writeNumber(random.below(90_000_000), 8);
      return `["${price}","${size}","${1_618_678_133 + index}.${100_000 + random.below(900_000)}"]`;
    };
    const side = index % 2 === 0 ? 'a' : 'b';
    const book = `{"${side}":[${level()},${level()}],"c":"${random.below(2 ** 32)}"}`;
    return `[336,${book},"book-1000","XBT/USD"]`;
  });
}

/** Cloud9Trader `order-book`, four levels. */
function cloud9traderBooks() {
  const random = createRandom(SEED);
  const level = (base) => `[${base + random.below(200) / 2},${random.below(10_000)}]`;
  return listTexts(
    (index) =>
      `["order-book.XBTUSD:BitMEX",{"sequence":${99_999_998 + index},` +
      `"bids":[${level(10_000)},${level(9_000)}],"asks":[${level(10_200)},${level(10_400)}]}]`,
  );
}

const MAKERS = {
  'Coinbase l2_data': coinbaseBooks,
  'Coinbase market_trades': () =>
    listTexts((number) => coinbaseWire.writeTrades('BTC-USD', number)),
  'Kraken v2 book': krakenBooks,
  'Kraken v2 trade': krakenTrades,
  'Kraken v2 level3': krakenOrders,
  'Kraken v1 book': krakenV1Books,
  'Cloud9Trader order-book': cloud9traderBooks,
};

/** Frames as bytes, by kind. */
export function makeFrames() {
  return Object.fromEntries(
    Object.entries(MAKERS).map(([kind, make]) => [kind, make().map((text) => Buffer.from(text))]),
  );
}
