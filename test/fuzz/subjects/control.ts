/** The control of a running simulator over HTTP. */
import { createControlServer } from '../../../src/simulator/control-server.js';
import type { ExchangeParts } from '../../../src/simulator/exchange-parts.js';
import { openKrakenExchange } from '../../../src/simulator/kraken.js';
import { createSeededRandom } from '../../doubles/seeded-random.js';
import { createVirtualTime } from '../../doubles/virtual-time.js';
import { createProducts } from '../../simulation/products.js';
import { require, type AnyFuzzSubject } from '../subject.js';

const CALLS: readonly (readonly [string, object])[] = [
  ['POST /faults', { fault: 'drop', at: { channel: 'book', count: 5 } }],
  ['POST /faults', { rules: [{ venue: 'kraken', fault: 'maintenance', forMs: 5 }] }],
  ['POST /connections/close', { code: 1001, reason: 'x', connection: 3 }],
  ['POST /connections/reset', { connection: 3 }],
  ['POST /market', { action: 'move', symbol: 'BTC/USD', price: '60000' }],
  ['POST /market', { action: 'trade', symbol: 'BTC/USD', side: 'buy', size: '0.5' }],
  ['POST /market', { action: 'list', base: 'AAA', quote: 'USD', price: '1.5' }],
  ['POST /market', { action: 'pace', rate: 2, violence: 3 }],
  ['DELETE /faults/kraken-1', {}],
  ['GET /messages', {}],
];

const PARTS = {
  from: undefined,
  speed: 1,
  seed: 3,
  keyType: 'es256',
  faults: undefined,
  faultsName: 'the faults',
} as const satisfies Partial<ExchangeParts>;

/** A simulator of its own for each case, on virtual time. */
async function openControl() {
  const { clock, timers } = createVirtualTime();
  const products = createProducts(3, (base) => `${base}/USD`);
  const exchange = await openKrakenExchange(
    { products, random: createSeededRandom(3) },
    { ...PARTS, clock, timers },
  );
  const exchanges = new Map([['kraken' as const, { ...exchange, addresses: {} }]]);
  return { control: createControlServer({ exchanges, isLocal: true }), server: exchange.server };
}

/** A first line with method and path, and a body. */
export function controlSubject(): AnyFuzzSubject {
  return {
    name: 'simulator/control',
    corpus: CALLS.map(([line, body]) => `${line}\n${JSON.stringify(body)}`),
    codes: [],
    async readLater(bytes) {
      const { control, server } = await openControl();
      const [line = '', ...body] = bytes.toString().split('\n');
      const [method = '', target = ''] = line.split(' ');
      // As the host reads it.
      const url = `http://localhost/${target.replace(/^\//, '')}`;
      const path = URL.canParse(url) ? new URL(url).pathname : '/';
      const answer = control.onHttp?.({
        method,
        path,
        query: new URLSearchParams(),
        headers: { host: 'localhost' },
        remoteAddress: '127.0.0.1',
        body: body.join('\n'),
      });
      server.close();
      const read = JSON.parse(answer?.body ?? '') as { error?: { message?: unknown } };
      const isRefusal = (answer?.status ?? 0) >= 400;
      require(isRefusal === (read.error !== undefined), 'Not what the status says', answer);
      if (isRefusal) require(/^\P{Cc}+$/u.test(String(read.error?.message)), 'No line', answer);
    },
  };
}
