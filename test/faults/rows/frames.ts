import type { MatrixGroup } from '../matrix-row.js';
import { bothKrakens, onNextChange } from './next-change.js';

const NO_NUMBERS = { none: 'changes of a book have no numbers' };
const NO_CHECKSUM = { none: 'there is no checksum' };

const SKIP_OF_ACCOUNT = {
  rule: { fault: 'skip-sequence', at: { kind: 'update' } },
};

/** What happens to single frames. */
export const FRAME_ROWS: MatrixGroup = {
  title: 'Frames',
  rows: [
    {
      id: 'a lost change',
      fault: 'a change of a book is lost (`drop`)',
      peers: {
        ccxt: { coinbase: 'wrong, without an error', kraken: 'wrong, without an error' },
        'coinbase-api': { coinbase: 'wrong, without an error' },
      },
      cells: onNextChange({ fault: 'drop' }, 'resnapshots'),
    },
    {
      id: 'a late change',
      fault: 'a change comes 2 s late, others overtake it (`delay`)',
      peers: {
        ccxt: { coinbase: 'wrong, without an error', kraken: 'wrong, without an error' },
        'coinbase-api': { coinbase: 'wrong, without an error' },
      },
      cells: onNextChange({ fault: 'delay', delayMs: 2_000 }, 'resnapshots'),
    },
    {
      id: 'two changes out of order',
      fault: 'two frames change places (`reorder`)',
      cells: onNextChange({ fault: 'reorder' }, 'resnapshots'),
    },
    {
      id: 'a repeated change',
      fault: 'a change comes twice (`duplicate`)',
      peers: {
        ccxt: { coinbase: 'right', kraken: 'right' },
        'coinbase-api': { coinbase: 'right' },
      },
      cells: onNextChange({ fault: 'duplicate' }, 'unharmed'),
    },
    {
      id: 'a corrupt frame',
      fault: 'a frame is cut in half, is HTML, or is JSON of another shape (`corrupt`)',
      peers: {
        ccxt: { coinbase: 'wrong, without an error', kraken: 'wrong, without an error' },
        'coinbase-api': { coinbase: 'error' },
      },
      cells: onNextChange(
        ['cut', 'not-json', 'wrong-type'].map((how) => ({ fault: 'corrupt', how })),
        'resnapshots',
      ),
    },
    {
      id: 'a number that is left out',
      fault: 'a number is left out, nothing is missing (`skip-number`)',
      cells: {
        ...onNextChange({ fault: 'skip-number' }, 'resnapshots'),
        ...bothKrakens(NO_NUMBERS),
        cloud9trader: { none: 'the exchange leaves none out' },
      },
    },
    {
      id: 'a number of the account that is left out',
      fault: 'a number of an account is left out, nothing is missing (`skip-sequence`)',
      cells: {
        coinbase: { none: 'one row of numbers for everything' },
        ...bothKrakens({
          acts: [SKIP_OF_ACCOUNT, { order: 0.3 }],
          outcome: 'accountResnapshots',
          account: true,
        } as const),
        cloud9trader: { none: 'accounts have no numbers' },
      },
    },
    {
      id: 'a wrong checksum',
      fault: 'a frame has another checksum than its book (`wrong-checksum`)',
      peers: {
        ccxt: { kraken: 'right' },
      },
      cells: {
        ...onNextChange({ fault: 'wrong-checksum' }, 'resnapshots'),
        coinbase: NO_CHECKSUM,
        cloud9trader: NO_CHECKSUM,
      },
    },
    {
      id: 'a changed digit',
      fault: 'a digit of a size is changed on its way, inside a valid frame',
      cells: {
        coinbase: {
          acts: [{ change: /("type":"update".*?"new_quantity":")[1-9]/, to: '$177' }],
          outcome: 'blind',
        },
        kraken: {
          acts: [{ change: /("type":"update".*"qty":)[1-9]/, to: '$177' }],
          outcome: 'resnapshots',
        },
        'kraken-v1': {
          acts: [{ change: /("[ab]":\[\["[^"]*",")\d/, to: '$177' }],
          outcome: 'resnapshots',
        },
        cloud9trader: {
          acts: [{ change: /(^\["order-book.*?\[\[[\d.]+, ?)[1-9]/, to: '$177' }],
          outcome: 'blind',
        },
      },
    },
    {
      id: 'a lost trade',
      fault: 'a frame of trades is lost (`drop`)',
      cells: {
        coinbase: {
          acts: [{ rule: { fault: 'drop', at: { channel: 'market_trades', kind: 'update' } } }],
          outcome: 'resnapshots',
        },
        kraken: {
          acts: [{ rule: { fault: 'drop', at: { channel: 'trade', kind: 'update' } } }],
          outcome: 'namesTrades',
        },
        'kraken-v1': {
          acts: [{ rule: { fault: 'drop', at: { channel: 'trade', kind: 'update' } } }],
          outcome: 'unheard',
        },
        cloud9trader: {
          acts: [{ rule: { fault: 'drop', at: { kind: 'data' } } }],
          outcome: 'unheard',
        },
      },
    },
    {
      id: 'a change kept back before it is numbered',
      fault: 'the exchange itself leaves a change out, and says nothing (`withhold`)',
      cells: {
        coinbase: {
          acts: [{ rule: { fault: 'withhold', at: { channel: 'l2_data', kind: 'update' } } }],
          outcome: 'blind',
        },
        ...bothKrakens({ none: 'the checksum reveals it: see a lost change' }),
        cloud9trader: { none: 'see a lost change' },
      },
    },
    {
      id: 'a lost change below the checksum',
      fault: 'a change below the tenth level is lost, in a book of 25 levels (`drop`, `deep`)',
      cells: {
        coinbase: NO_CHECKSUM,
        cloud9trader: NO_CHECKSUM,
        ...bothKrakens({
          acts: [{ rule: { fault: 'drop', at: { channel: 'book', kind: 'update', deep: true } } }],
          outcome: 'blind',
          depth: 25,
        } as const),
      },
    },
  ],
};
