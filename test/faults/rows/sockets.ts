import type { MatrixGroup } from '../matrix-row.js';
import type { SimulatedVenue } from '../../simulation/exchanges.js';
import { bothKrakens, everywhere, onNextChange } from './next-change.js';

const WITHOUT_HEARTBEATS = { none: 'there are no heartbeats' };

/** Close codes of the exchange; none of them is taken for a reason to stay away. */
const CODES = [1000, 1001, 1002, 1005, 1008, 1009, 1011, 1012, 1013, 4000];
/** Longer than the silence that each venue is allowed. */
const SILENCES = { coinbase: 8_000, kraken: 14_000, 'kraken-v1': 14_000, cloud9trader: 36_000 };

const DRIP = { fault: 'drip', bytesPerSecond: 20, forMs: 40_000 };

function watchSilence(cells: ReturnType<typeof everywhere>) {
  const watched = Object.entries(cells).map(([venue, cell]) => [
    venue,
    { ...cell, watchMs: SILENCES[venue as SimulatedVenue] },
  ]);
  return Object.fromEntries(watched) as typeof cells;
}

/** What happens to connections. */
export const SOCKET_ROWS: MatrixGroup = {
  title: 'Connections',
  rows: [
    {
      id: 'a reset',
      fault: 'TCP is reset (`reset`)',
      peers: {
        ccxt: { coinbase: 'error', kraken: 'error' },
        'coinbase-api': { coinbase: 'error' },
      },
      cells: onNextChange({ fault: 'reset' }, 'redials'),
    },
    {
      id: 'a close of the exchange',
      fault: `the exchange closes, with any of ${CODES.join(', ')} (\`close\`)`,
      cells: onNextChange(
        CODES.map((code) => ({ fault: 'close', code })),
        'redials',
      ),
    },
    {
      id: 'a close in mid-frame',
      fault: 'TCP ends in the middle of a frame (`close-mid-frame`)',
      cells: onNextChange({ fault: 'close-mid-frame' }, 'redials'),
    },
    {
      id: 'a half-open socket',
      fault: 'nothing is sent, read or answered, and TCP stays (`half-open`)',
      cells: watchSilence(onNextChange({ fault: 'half-open' }, 'redialsSilent')),
    },
    {
      id: 'a dead network',
      fault: 'the network loses everything on open connections, and nobody hears of it',
      cells: watchSilence(everywhere({ acts: [{ network: 'die' }], outcome: 'redialsSilent' })),
    },
    {
      id: 'silence with pings answered',
      fault: 'nothing is sent for 16 s, and pings are answered (`silence`)',
      peers: {
        ccxt: { coinbase: 'stopped, without an error', kraken: 'stopped, without an error' },
        'coinbase-api': { coinbase: 'stopped, without an error' },
      },
      cells: {
        ...watchSilence(onNextChange({ fault: 'silence', forMs: 16_000 }, 'redialsSilent')),
        cloud9trader: {
          ...onNextChange({ fault: 'silence', forMs: 16_000 }, 'lateNews').cloud9trader,
          watchMs: 20_000,
        },
      },
    },
    {
      id: 'heartbeats without data',
      fault: 'heartbeats go on, and data does not for 6 s (`heartbeats-only`)',
      cells: {
        ...onNextChange({ fault: 'heartbeats-only', forMs: 6_000 }, 'lateNews', {
          watchMs: 12_000,
        }),
        coinbase: onNextChange({ fault: 'heartbeats-only', forMs: 6_000 }, 'blind', {
          watchMs: 12_000,
        }).coinbase,
        cloud9trader: WITHOUT_HEARTBEATS,
      },
    },
    {
      id: 'data without heartbeats',
      fault: 'data goes on, and heartbeats do not (`heartbeats-stop`)',
      cells: {
        ...onNextChange({ fault: 'heartbeats-stop' }, 'redialsSilent'),
        ...bothKrakens(
          onNextChange({ fault: 'heartbeats-stop' }, 'unharmed', { watchMs: 14_000 }).kraken,
        ),
        cloud9trader: WITHOUT_HEARTBEATS,
      },
    },
    {
      id: 'a slow drip',
      fault: 'bytes leave at 20 a second for 40 s (`drip`)',
      cells: {
        ...watchSilence(onNextChange(DRIP, 'redialsSilent')),
        cloud9trader: {
          ...onNextChange(DRIP, 'unheard').cloud9trader,
          words: '**exempt**: every frame that comes is right, and none tells how late it is',
        },
      },
    },
    {
      id: 'a short freeze',
      fault: 'the network stands still for 3 s, and then delivers everything',
      cells: everywhere({ acts: [{ network: 'freeze', forMs: 3_000 }], outcome: 'unharmed' }),
    },
    {
      id: 'an outage of the network',
      fault: 'a reset, and then nobody can be reached for 20 s',
      cells: everywhere({
        acts: [{ network: 'refuse', forMs: 20_000 }, { closeCode: 1001 }],
        outcome: 'redials',
      }),
    },
  ],
};
