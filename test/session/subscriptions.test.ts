import { describe, expect, it } from 'vitest';
import { ACK_TIMEOUT_MS } from '../../src/session/acknowledgements.js';
import { createPatientBench, describeSent, held, lastId, resubscribe } from './session-bench.js';

describe('desired state', () => {
  it('asks for what is new, ends what is gone, and leaves the rest alone', async () => {
    const bench = createPatientBench();
    bench.want('book A', 'book B', 'ticker A');
    const exchange = await bench.serve();
    bench.news();
    bench.want('book B', 'book C', 'ticker A');
    expect(exchange.answer().map((one) => `${one.op} ${one.symbols.join()}`)).toEqual([
      'unsubscribe A',
      'subscribe C',
    ]);
    expect([...exchange.held]).toEqual([
      ['heartbeats', []],
      ['book', ['B', 'C']],
      ['ticker', ['A']],
    ]);
    expect(bench.news()).toEqual(['subscribed book C']);
  });

  it('asks for a whole channel and for one symbol of it in different messages', async () => {
    const bench = createPatientBench();
    bench.want('status', 'status A');
    const exchange = await bench.serve();
    expect(exchange.requests.slice(1).map((one) => one.symbols)).toEqual([[], ['A']]);
    bench.want('status');
    expect(exchange.answer().map((one) => `${one.op} ${one.symbols.join()}`)).toEqual([
      'unsubscribe A',
    ]);
  });

  it('sends nothing where nothing changed', async () => {
    const bench = createPatientBench();
    bench.want('book A');
    const exchange = await bench.serve();
    bench.want('book A');
    expect(exchange.answer()).toEqual([]);
  });

  it('says at once that something is held that was about to end', async () => {
    const bench = createPatientBench();
    bench.want('book A');
    const exchange = await bench.serve();
    bench.news();
    bench.want();
    bench.want('book A');
    expect(exchange.answer().map((one) => one.op)).toEqual(['unsubscribe', 'subscribe']);
    expect(bench.news()).toEqual(['subscribed book A']);
  });

  it('tells of the heartbeat only who asked for it', async () => {
    const bench = createPatientBench();
    await bench.serve();
    expect(bench.news()).toEqual(['ready']);
    bench.want('heartbeats');
    expect(bench.news()).toEqual(['subscribed heartbeats']);
    bench.want();
    expect(describeSent(bench.dialer.last())).toEqual(['subscribe heartbeats']);
  });

  it('renews in as few messages as there are channels, each ended before it begins', async () => {
    const bench = createPatientBench();
    bench.want('book A', 'book B', 'trades A', 'ticker A');
    const exchange = await bench.serve();
    bench.news();
    resubscribe(bench, 'book A', 'book B', 'trades A', 'book Z');
    const sent = exchange.answer().map((one) => `${one.op} ${one.channel} ${one.symbols.join()}`);
    expect(sent).toEqual([
      'unsubscribe book A,B',
      'subscribe book A,B',
      'unsubscribe trades A',
      'subscribe trades A',
    ]);
    expect(bench.news().sort()).toEqual([
      'subscribed book A',
      'subscribed book B',
      'subscribed trades A',
    ]);
  });

  it('renews what is requested and unanswered, but not what is still to be sent', async () => {
    const bench = createPatientBench();
    bench.want('book A');
    const socket = await bench.connect();
    resubscribe(bench, 'book A');
    resubscribe(bench, 'book A');
    expect(describeSent(socket)).toEqual([
      'subscribe heartbeats',
      'subscribe book A',
      'unsubscribe book A',
      'subscribe book A',
      'unsubscribe book A',
      'subscribe book A',
    ]);
    // The pace is used up from here on, and the pending request is fresh enough.
    bench.want('book A', 'ticker A', 'trades A', 'candles A');
    const count = socket.sent.length;
    resubscribe(bench, 'candles A');
    resubscribe(bench, 'candles A');
    await bench.time.advance(2_000);
    expect(describeSent(socket).slice(count)).toEqual(['subscribe candles A']);
  });

  it('replays nothing on a new socket but what is wanted then', async () => {
    const bench = createPatientBench();
    bench.want('book A', 'book B');
    const old = await bench.connect();
    resubscribe(bench, 'book A');
    bench.want('book B', 'trades C');
    old.closed();
    bench.want('book B', 'trades D');
    resubscribe(bench, 'book B');
    await bench.time.advance(2_000);
    const socket = await bench.connect();
    expect(describeSent(socket)).toEqual([
      'subscribe heartbeats',
      'subscribe book B',
      'subscribe trades D',
    ]);
  });

  it('passes fewer than nine messages in a second, and loses none', async () => {
    const bench = createPatientBench();
    const channels = ['book', 'trades', 'ticker', 'candles', 'status'];
    bench.want(...channels.map((name) => (name === 'status' ? name : `${name} A`)));
    const socket = await bench.connect();
    resubscribe(bench, 'book A', 'trades A', 'ticker A', 'candles A', 'status');
    expect(socket.sent).toHaveLength(8);
    await bench.time.advance(1_000);
    expect(socket.sent).toHaveLength(8);
    await bench.time.advance(1_000);
    expect(socket.sent).toHaveLength(16);
  });
});

describe('acks of the whole set', () => {
  it('are believed in any grouping of symbols and order of channels', async () => {
    const bench = createPatientBench();
    bench.want('ticker A', 'book A', 'book B');
    const socket = await bench.connect();
    socket.frame(held({}));
    socket.frame(held({ ticker: ['A'] }));
    expect(bench.news()).toEqual(['ready', 'subscribed ticker A']);
    socket.frame(held({ book: ['B', 'A'], ticker: ['A'] }));
    expect(bench.news()).toEqual(['subscribed book A', 'subscribed book B']);
    socket.frame(held({ book: ['A', 'B'], ticker: ['A'] }));
    expect(bench.news()).toEqual([]);
  });

  it('that leave out a symbol show that it was passed over', async () => {
    const bench = createPatientBench();
    bench.want('book A', 'book NONE');
    const exchange = await bench.serve({ ignored: ['NONE'] });
    expect(bench.news()).toEqual([
      'ready',
      'subscribed book A',
      'refused book NONE SUBSCRIPTION_IGNORED',
    ]);
    await bench.time.advance(2_000);
    exchange.answer();
    await bench.time.advance(10_000);
    exchange.answer();
    expect(bench.news()).toEqual([
      'refused book NONE SUBSCRIPTION_IGNORED',
      'refused book NONE SUBSCRIPTION_IGNORED for good',
    ]);
    await bench.time.advance(600_000);
    expect(exchange.answer()).toEqual([]);
  });

  it('that show nothing of a request of one symbol show that it was passed over', async () => {
    const bench = createPatientBench();
    bench.want('book NONE');
    await bench.serve({ ignored: ['NONE'] });
    expect(bench.news()).toEqual(['ready', 'refused book NONE SUBSCRIPTION_IGNORED']);
  });

  it('are not taken for the answer to a later request', async () => {
    const bench = createPatientBench();
    bench.want('ticker A', 'book A');
    const socket = await bench.connect();
    // The heartbeat's and the ticker's: the book's is still being made.
    socket.frame(held({}));
    socket.frame(held({ ticker: ['A'] }));
    expect(bench.news()).toEqual(['ready', 'subscribed ticker A']);
    await bench.time.advance(ACK_TIMEOUT_MS - 1);
    expect(bench.news()).toEqual([]);
  });

  it('of a later request show that an earlier one was passed over without an ack', async () => {
    const bench = createPatientBench();
    bench.want('ticker NONE', 'book A');
    const socket = await bench.connect();
    socket.frame(held({}));
    socket.frame(held({ book: ['A'] }));
    expect(bench.news().sort()).toEqual([
      'ready',
      'refused ticker NONE SUBSCRIPTION_IGNORED',
      'subscribed book A',
    ]);
  });

  it('between an ending and its beginning do not count as the beginning', async () => {
    const bench = createPatientBench();
    bench.want('ticker A', 'book A');
    await bench.serve();
    const socket = bench.dialer.last();
    bench.news();
    bench.want('ticker A', 'trades A', 'book A');
    resubscribe(bench, 'book A');
    // In the order of sending: trades, the book's ending, its beginning.
    socket.frame(held({ ticker: ['A'], trades: ['A'], book: ['A'] }));
    expect(bench.news()).toEqual(['subscribed trades A']);
    socket.frame(held({ ticker: ['A'], trades: ['A'] }));
    expect(bench.news()).toEqual([]);
    socket.frame(held({ ticker: ['A'], trades: ['A'], book: ['A'] }));
    expect(bench.news()).toEqual(['subscribed book A']);
  });

  it('that no longer name what was held show that the venue ended it', async () => {
    const bench = createPatientBench();
    bench.want('book A', 'book B');
    const exchange = await bench.serve();
    bench.news();
    bench.dialer.last().frame(held({ book: ['B'] }));
    expect(bench.news()).toEqual(['refused book A SUBSCRIPTION_IGNORED']);
    await bench.time.advance(2_000);
    expect(exchange.answer().map((one) => one.symbols)).toEqual([['A']]);
  });

  it('that name what nobody wants have it ended, once', async () => {
    const bench = createPatientBench();
    bench.want('book A');
    await bench.serve();
    const socket = bench.dialer.last();
    const count = socket.sent.length;
    for (let times = 0; times < 3; times += 1) socket.frame(held({ book: ['A', 'STRAY'] }));
    expect(describeSent(socket).slice(count)).toEqual(['unsubscribe book STRAY']);
    socket.frame(held({ book: ['A', 'STRAY'] }));
    await bench.time.advance(60_000);
    expect(socket.sent).toHaveLength(count + 1);
  });

  it('may list other things than asked for on channels without symbols', async () => {
    const bench = createPatientBench();
    bench.want('status');
    await bench.connect();
    const socket = bench.dialer.last();
    socket.frame(held({}));
    socket.frame(held({ status: ['A', 'B'] }));
    expect(bench.news()).toEqual(['ready', 'subscribed status']);
    expect(describeSent(socket)).toEqual(['subscribe heartbeats', 'subscribe status']);
  });

  it('that never come are noticed by their deadline', async () => {
    const bench = createPatientBench();
    bench.want('book A');
    const socket = await bench.connect();
    await bench.time.advance(ACK_TIMEOUT_MS - 1);
    expect(bench.news()).toEqual(['ready']);
    await bench.time.advance(1);
    expect(bench.news()).toEqual(['refused book A SUBSCRIPTION_IGNORED']);
    await bench.time.advance(2_000);
    expect(describeSent(socket).slice(2)).toEqual(['subscribe heartbeats', 'subscribe book A']);
  });

  it('may be late behind big snapshots, whose data show that they are coming', async () => {
    const bench = createPatientBench();
    bench.want('book A', 'book B');
    const socket = await bench.connect();
    const snapshot = { say: 'book', whole: true, bids: [], asks: [] } as const;
    await bench.time.advance(9_000);
    socket.frame({ ...snapshot, symbol: 'A' });
    await bench.time.advance(9_000);
    socket.frame({ ...snapshot, symbol: 'B' });
    await bench.time.advance(9_000);
    expect(bench.news()).toEqual(['ready']);
    await bench.time.advance(1_000);
    // No ack at all, but data of both: they are held.
    expect(bench.news()).toEqual(['subscribed book A', 'subscribed book B']);
  });
});

describe('acks one by one', () => {
  it('confirm each subscription by itself, and its ending', async () => {
    const bench = createPatientBench();
    bench.want('book A', 'book B', 'status');
    const exchange = await bench.serve({ ackStyle: 'one-by-one' });
    expect(bench.news()).toEqual([
      'ready',
      'subscribed book A',
      'subscribed book B',
      'subscribed status',
    ]);
    bench.want('book B');
    exchange.answer();
    bench.want('book B', 'book A');
    exchange.answer();
    expect(bench.news()).toEqual(['subscribed book A']);
  });

  it('work without request ids', async () => {
    const bench = createPatientBench();
    bench.want('book A');
    const socket = await bench.connect();
    socket.frame({ say: 'accepted', channel: 'book', symbol: 'A' });
    expect(bench.news()).toEqual(['ready', 'subscribed book A']);
  });

  it('of an earlier request do not confirm a renewal', async () => {
    const bench = createPatientBench();
    bench.want('book A');
    const socket = await bench.connect();
    const first = lastId(socket, 'book');
    resubscribe(bench, 'book A');
    const second = lastId(socket, 'book');
    socket.frame({ say: 'accepted', channel: 'book', symbol: 'A', id: first });
    expect(bench.news()).toEqual(['ready']);
    socket.frame({ say: 'ended', channel: 'book', symbol: 'A', id: second - 1 });
    socket.frame({ say: 'accepted', channel: 'book', symbol: 'A', id: second });
    expect(bench.news()).toEqual(['subscribed book A']);
  });

  it('that leave out a symbol are noticed by the deadline', async () => {
    const bench = createPatientBench();
    bench.want('book A', 'book NONE');
    await bench.serve({ ackStyle: 'one-by-one', ignored: ['NONE'] });
    expect(bench.news()).toEqual(['ready', 'subscribed book A']);
    await bench.time.advance(ACK_TIMEOUT_MS);
    expect(bench.news()).toEqual(['refused book NONE SUBSCRIPTION_IGNORED']);
  });

  it('of an ending that nobody asked for are reported, and it is asked for again', async () => {
    const bench = createPatientBench();
    bench.want('book A');
    const exchange = await bench.serve({ ackStyle: 'one-by-one' });
    bench.news();
    exchange.send({ say: 'ended', channel: 'book', symbol: 'A' });
    expect(bench.news()).toEqual(['refused book A SUBSCRIPTION_IGNORED']);
    await bench.time.advance(2_000);
    expect(exchange.answer().map((one) => one.op)).toEqual(['subscribe']);
  });
});

describe('odd protocols', () => {
  it('takes what needs no request as held at once', async () => {
    const bench = createPatientBench({
      venue: { createCodec: () => ({ encode: () => [], decode: () => fail() }) },
    });
    bench.want('book A');
    await bench.connect();
    expect(bench.heard).toEqual(['ready', 'subscribed book A']);
  });

  it('refuses for good what the codec cannot say', async () => {
    const bench = createPatientBench({
      venue: { createCodec: () => ({ encode: () => fail(), decode: () => fail() }) },
    });
    bench.want('book A');
    await bench.connect();
    expect(bench.heard).toEqual(['ready', 'refused book A SUBSCRIPTION_REFUSED for good']);
  });
});

function fail(): never {
  throw new RangeError('Not in this protocol.');
}
