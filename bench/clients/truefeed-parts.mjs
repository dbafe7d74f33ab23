// The parts of truefeed put together by hand over `ws`: codec and book, without the feed. What the
// feed costs beside its parts is the difference.
import { createBook } from 'truefeed/book';
import { coinbase } from 'truefeed/venues/coinbase';
import { kraken } from 'truefeed/venues/kraken';
import { openSocket } from './raw-socket.mjs';
import { createProgress } from './progress.mjs';

/** Decodes and applies; nobody looks at numbers or at the life of the socket. */
export async function openClient({ venue: name, url, symbols, depth }) {
  const venue = name === 'coinbase' ? coinbase() : kraken({ bookDepth: depth });
  const codec = venue.createCodec();
  const progress = createProgress();
  const book = createBook({
    venue: venue.id,
    symbol: symbols[0],
    depth: venue.book.depth,
    verifiedDepth: venue.book.verifiedDepth,
    sinceAtMs: 0,
    computeChecksum: venue.book.computeChecksum,
  });
  const faults = [];
  const live = Promise.withResolvers?.() ?? withResolvers();
  const socket = await openSocket({ venue: name, url, symbols, depth }, (bytes) => {
    const { messages } = codec.decode(bytes);
    for (const message of messages) {
      if (message.type === 'book.delta') {
        const outcome = book.applyDelta(message, 0);
        if (outcome.kind !== 'applied') faults.push(outcome.detail);
        progress.add(1);
      } else if (message.type === 'book.snapshot') {
        book.applySnapshot(message, 0);
        live.resolve();
      }
    }
  });
  await live.promise;
  return {
    reached: ({ messages }) => progress.until(messages),
    best: (count) => book.top(count),
    facts: () => ({ faults, checksumsVerified: book.evidence().checksumsVerified }),
    close: () => socket.terminate(),
  };
}

function withResolvers() {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}
