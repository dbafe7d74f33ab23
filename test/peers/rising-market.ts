/**
 * A recording written for one purpose: a market that rises past a level. Whoever misses the one
 * frame that takes the level away ends with a bid above an ask.
 */
import { writeScratchFile } from './scratch-file.js';

type Level = readonly [side: 'bid' | 'offer', price: string, size: string];

interface Step {
  readonly type: 'snapshot' | 'update';
  readonly levels: readonly Level[];
}

const STEP_MS = 100;
const STARTED_AT_MS = Date.UTC(2026, 0, 5, 12);

const STEPS: readonly Step[] = [
  {
    type: 'snapshot',
    levels: [
      ['bid', '100', '1'],
      ['bid', '99', '2'],
      ['offer', '101', '1'],
      ['offer', '103', '3'],
    ],
  },
  { type: 'update', levels: [['bid', '98', '4']] },
  // The lost one: all that was offered at 101 is gone.
  { type: 'update', levels: [['offer', '101', '0']] },
  { type: 'update', levels: [['bid', '102', '2']] },
  { type: 'update', levels: [['bid', '100', '5']] },
  { type: 'update', levels: [['offer', '104', '1']] },
];

/** Which `l2_data` frame on a connection takes the level away; the snapshot is the first. */
export const LEVEL_LEAVES_AT = 3;

/** The book at the end of the recording. */
export const RISEN_BOOK = {
  bids: [
    [102, 2],
    [100, 5],
    [99, 2],
    [98, 4],
  ],
  asks: [
    [103, 3],
    [104, 1],
  ],
} as const;

/** Writes the recording to a file of its own and returns its path. */
export function writeRisingMarket(product: string): string {
  const lines = [
    line('send', 0, { type: 'subscribe', channel: 'level2', product_ids: [product] }),
    ...STEPS.map((step, index) =>
      line('recv', (index + 1) * STEP_MS, frameOf(product, step, index)),
    ),
  ];
  return writeScratchFile('rising-market.jsonl', `${lines.join('\n')}\n`);
}

function line(direction: 'send' | 'recv', afterMs: number, frame: unknown): string {
  const ts = (STARTED_AT_MS + afterMs) / 1000;
  return JSON.stringify({ ts, dir: direction, data: JSON.stringify(frame) });
}

function frameOf(product: string, { type, levels }: Step, index: number): unknown {
  const time = new Date(STARTED_AT_MS + (index + 1) * STEP_MS).toISOString();
  const updates = levels.map(([side, price, size]) => ({
    side,
    event_time: time,
    price_level: price,
    new_quantity: size,
  }));
  return {
    channel: 'l2_data',
    timestamp: time,
    sequence_num: index,
    events: [{ type, product_id: product, updates }],
  };
}
