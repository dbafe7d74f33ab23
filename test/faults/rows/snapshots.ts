import type { Cell, MatrixGroup } from '../matrix-row.js';
import { bothKrakens, onFirstSnapshot } from './next-change.js';

const OPENING = { from: 'opening' } as const;

function loseBoth(change: object, snapshot: object): Cell {
  return {
    acts: [change, snapshot].map((rule) => ({ rule: { ...rule, connection: 1 } })),
    outcome: 'resnapshots',
    words: 'is stale at once, asks again and again',
  };
}

/** What happens to snapshots and acknowledgements, from the call of `openFeed` on. */
export const SNAPSHOT_ROWS: MatrixGroup = {
  title: 'Snapshots and subscriptions',
  rows: [
    {
      id: 'a late snapshot',
      fault: 'the snapshot comes 3 s late (`hold`, `snapshot-late`, `delay`)',
      cells: {
        ...onFirstSnapshot({ fault: 'hold', delayMs: 3_000 }, 'waits'),
        ...bothKrakens({
          acts: [{ rule: { fault: 'snapshot-late', delayMs: 3_000, at: { channel: 'book' } } }],
          ...OPENING,
          outcome: 'waits',
        } as const),
        cloud9trader: onFirstSnapshot({ fault: 'delay', delayMs: 3_000 }, 'waits').cloud9trader,
      },
    },
    {
      id: 'an update before the snapshot',
      fault: 'the next update overtakes the snapshot (`update-before-snapshot`)',
      peers: {
        ccxt: { coinbase: 'wrong, without an error', kraken: 'error' },
        'coinbase-api': { coinbase: 'wrong, without an error' },
      },
      cells: onFirstSnapshot({ fault: 'update-before-snapshot' }, 'waits'),
    },
    {
      id: 'a partial snapshot',
      fault: 'every other level of the snapshot is missing (`partial-snapshot`)',
      peers: {
        ccxt: { kraken: 'wrong, without an error' },
      },
      cells: {
        ...onFirstSnapshot({ fault: 'partial-snapshot' }, 'blind'),
        kraken: {
          ...onFirstSnapshot({ fault: 'partial-snapshot' }, 'resnapshots').kraken,
          words: 'is not live, takes another snapshot on the same socket',
        },
        'kraken-v1': onFirstSnapshot({ fault: 'partial-snapshot' }, 'revealedLater')['kraken-v1'],
      },
    },
    {
      id: 'a missing snapshot',
      fault: 'no snapshot comes (`withhold`, `drop`)',
      cells: {
        ...onFirstSnapshot({ fault: 'drop' }, 'asksAgain'),
        coinbase: onFirstSnapshot({ fault: 'withhold' }, 'asksAgain').coinbase,
      },
    },
    {
      id: 'a missing snapshot of a recovery',
      fault: 'a change is lost, and the snapshot that should heal the book, too',
      cells: {
        coinbase: loseBoth(
          { fault: 'drop', at: { channel: 'l2_data', kind: 'update' } },
          { fault: 'withhold', at: { channel: 'l2_data', kind: 'snapshot' } },
        ),
        ...bothKrakens(
          loseBoth(
            { fault: 'drop', at: { channel: 'book', kind: 'update' } },
            { fault: 'drop', at: { channel: 'book', kind: 'snapshot' } },
          ),
        ),
        cloud9trader: loseBoth(
          { fault: 'drop', at: { kind: 'delta' } },
          { fault: 'drop', at: { kind: 'answer' } },
        ),
      },
    },
    {
      id: 'a giant snapshot',
      fault: 'a snapshot of 2 MB (`giant-snapshot`)',
      cells: onFirstSnapshot({ fault: 'giant-snapshot', bytes: 2e6 }, 'waits', { depth: 10 }),
    },
    {
      id: 'an ack without data',
      fault:
        'a subscription is acknowledged, and no data of it comes (at Coinbase: as long as the ' +
        'socket lasts)',
      cells: {
        coinbase: {
          acts: [
            { rule: { fault: 'ack-without-data', at: { channel: 'l2_data' }, connection: 1 } },
          ],
          ...OPENING,
          outcome: 'asksAgain',
        },
        ...bothKrakens({
          acts: [{ rule: { fault: 'silent-subscription', at: { channel: 'book' } } }],
          ...OPENING,
          outcome: 'asksAgain',
        } as const),
        cloud9trader: { none: 'nothing is acknowledged' },
      },
    },
    {
      id: 'data without an ack',
      fault: 'data comes, and no acknowledgement',
      cells: {
        coinbase: {
          acts: [{ rule: { fault: 'ack-missing', at: { count: 1 }, connection: 1 } }],
          ...OPENING,
          outcome: 'waits',
        },
        ...bothKrakens({
          acts: [{ rule: { fault: 'drop', at: { kind: 'ack', channel: 'book' }, connection: 1 } }],
          ...OPENING,
          outcome: 'waits',
        } as const),
        cloud9trader: { none: 'nothing is acknowledged' },
      },
    },
  ],
};
