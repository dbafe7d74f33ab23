import { describe, expect, it } from 'vitest';
import { createLevelChanges } from '../../src/book/level-changes.js';
import { FrameBytes } from '../../src/model/frame-bytes.js';
import type { BookMessage } from '../../src/model/message.js';
import { coinbase } from '../../src/venues/coinbase/index.js';
import { SHAPE } from '../../src/venues/coinbase/scan-book.js';
import { kraken } from '../../src/venues/kraken/index.js';
import { SHAPE_KERNEL } from '../../src/wire/shape-kernel-bytes.js';
import { FRAME_READ, NOT_OF_SHAPE, ShapeKernel } from '../../src/wire/shape-kernel.js';

type Exports = ConstructorParameters<typeof ShapeKernel>[0];
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Exports };
}

/** One that has read nothing yet, unlike the thread's. */
function openFreshKernel(): ShapeKernel {
  const { WebAssembly: api } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };
  const module = new api.Module(Buffer.from(SHAPE_KERNEL, 'base64'));
  return new ShapeKernel(new api.Instance(module).exports);
}

const TIME = '2026-08-09T02:39:53Z';

function coinbaseFrame(time: Uint8Array, levels: readonly string[], symbol = 'BTC-USD'): Buffer {
  const updates = levels.map((price) =>
    [
      `{"side":"bid","event_time":"${TIME}"`,
      `"price_level":"${price}"`,
      '"new_quantity":"0.5"}',
    ].join(','),
  );
  return Buffer.concat([
    Buffer.from('{"channel":"l2_data","timestamp":"'),
    time,
    Buffer.from('","sequence_num":1,"events":[{"type":"update","product_id":"'),
    Buffer.from(`${symbol}","updates":[${updates.join(',')}]}]}`),
  ]);
}

it.each([0x00, 0xff])('takes no bytes %i for a time before it has read any', (byte) => {
  const kernel = openFreshKernel();
  const read = kernel.readerOf(SHAPE);
  const wrong = coinbaseFrame(Buffer.concat([Buffer.alloc(19, byte), Buffer.from('Z')]), []);
  expect(kernel.begin(read, FrameBytes.of(wrong))).toBe(NOT_OF_SHAPE);
  expect(kernel.begin(read, FrameBytes.of(coinbaseFrame(Buffer.from(TIME), [])))).toBe(FRAME_READ);
  expect(kernel.begin(read, FrameBytes.of(wrong))).toBe(NOT_OF_SHAPE);
});

it('says what to do about a shape that it was not made for', () => {
  const kernel = openFreshKernel();
  expect(() => kernel.readerOf({ name: 'another', steps: [] })).toThrow('npm run kernel');
});

describe('levels that are lent', () => {
  const prices = ({ columns }: BookMessage): number[] =>
    Array.from(columns.priceUnits.subarray(0, columns.count));

  function decodeOne(codec: { decode(bytes: Uint8Array): unknown }, frame: Buffer): BookMessage {
    const { messages } = codec.decode(frame) as { readonly messages: readonly BookMessage[] };
    return messages[0]!;
  }

  it('stay as they are while other codecs read, whatever those read', () => {
    const frame = coinbaseFrame(Buffer.from(TIME), ['101', '102', '103']);
    const other = coinbaseFrame(Buffer.from(TIME), ['7', '8'], 'ETH-USD');
    const first = coinbase().createCodec();
    const second = coinbase().createCodec();
    const third = kraken().createCodec();
    const kept = decodeOne(first, frame);
    expect(prices(kept)).toEqual([101, 102, 103]);
    expect(prices(decodeOne(second, other))).toEqual([7, 8]);
    expect(prices(kept)).toEqual([101, 102, 103]);
    third.decode(
      Buffer.from(
        '{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":' +
          '[{"price":5,"qty":1}],"asks":[],"checksum":1}]}',
      ),
    );
    // Not of the shape, in its last byte.
    expect(() => second.decode(Buffer.concat([other.subarray(0, -1), Buffer.from('!')]))).toThrow();
    expect(prices(kept)).toEqual([101, 102, 103]);
    expect(prices(decodeOne(first, other))).toEqual([7, 8]);
  });

  it('are copied for a listener that reads the columns, who might clone them', () => {
    const codec = coinbase().createCodec();
    const message = decodeOne(codec, coinbaseFrame(Buffer.from(TIME), ['101', '102']));
    const changes = createLevelChanges(message.columns);
    expect(changes.at(1).price).toBe('102');
    const { sides, priceUnits, sizeDecimals } = structuredClone({ ...changes.columns, keep: 0 });
    for (const array of [sides, priceUnits, sizeDecimals]) {
      expect(array.buffer.byteLength).toBeLessThan(1_000);
    }
    expect([...priceUnits.subarray(0, 2)]).toEqual([101, 102]);
    expect(changes.toArray().map(({ price }) => price)).toEqual(['101', '102']);
  });

  it('take what the ordinary codec adds after them', () => {
    const codec = coinbase().createCodec();
    const text = coinbaseFrame(Buffer.from(TIME), ['101', '102']).toString();
    for (let turn = 0; turn < 3; turn += 1) {
      expect(prices(decodeOne(codec, Buffer.from(text)))).toEqual([101, 102]);
      // A space, and the codec reads it.
      const spaced = Buffer.from(text.replace('"updates":', '"updates": ').replace('101', '99'));
      expect(prices(decodeOne(codec, spaced))).toEqual([99, 102]);
    }
  });
});

describe('symbols', () => {
  it('are told apart, also where they share a slot of the module', () => {
    const codec = coinbase().createCodec();
    const random = Array.from({ length: 3_000 }, (_, at) => `S${(at * 7_919) % 3_000}-USD`);
    for (const symbol of [...random, ...random.toReversed()]) {
      const { messages } = codec.decode(coinbaseFrame(Buffer.from(TIME), ['1'], symbol));
      expect(messages[0]).toMatchObject({ symbol });
    }
  });

  it('of up to 64 bytes are read, and differ in their last byte', () => {
    const kernel = openFreshKernel();
    const read = kernel.readerOf(SHAPE);
    const symbols = kernel.createSymbols(undefined);
    for (const length of [1, 7, 8, 9, 15, 16, 63, 64]) {
      for (const last of ['A', 'B', 'A']) {
        const symbol = `${'X'.repeat(length - 1)}${last}`;
        const frame = coinbaseFrame(Buffer.from(TIME), [], symbol);
        const outcome = kernel.begin(read, FrameBytes.of(frame));
        expect(outcome).toBe(FRAME_READ);
        expect(kernel.findSymbol(symbols)).toBe(symbol);
      }
    }
    const long = coinbaseFrame(Buffer.from(TIME), [], 'X'.repeat(65));
    expect(kernel.begin(read, FrameBytes.of(long))).toBe(NOT_OF_SHAPE);
  });
});
