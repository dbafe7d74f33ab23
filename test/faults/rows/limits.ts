import type { Cell, MatrixGroup } from '../matrix-row.js';
import { bothKrakens, everywhere } from './next-change.js';

const ACCOUNT_OPENING = { from: 'opening', account: true, outcome: 'waits' } as const;
const NO_REST = { none: 'the client makes no REST call' };

/** At the first frame that comes. */
const RESET = { fault: 'reset', at: { count: 12 } };
const UPGRADE_STATUSES = [401, 403, 429, 500, 502, 503];
const UPGRADE_LIST = UPGRADE_STATUSES.join(', ');
const CERTIFICATES = ['expired', 'not-yet-valid', 'wrong-host', 'self-signed'];
const REST_STATUSES = [401, 403, 500, 503];

/** One fault in several forms, all of which end alike. */
function inForms(rules: readonly object[], cell: Omit<Cell, 'acts'>): Cell {
  const [acts = [], ...alike] = rules.map((rule) => [{ rule }]);
  return { ...cell, acts, alike };
}

function limitMessages(count: number): Cell {
  return {
    acts: [{ rule: { fault: 'limit-messages', count, windowMs: 2_000 } }],
    from: 'opening',
    outcome: 'asksAgain',
  };
}

/** Limits, outages and refusals of the whole server. */
export const LIMIT_ROWS: MatrixGroup = {
  title: 'Limits, outages and HTTP',
  rows: [
    {
      id: 'a limit of connections',
      fault: 'two resets, and whoever dials twice in 5 s is shut out for 10 s (`limit-connects`)',
      cells: everywhere({
        acts: [
          { rule: { fault: 'limit-connects', count: 1, windowMs: 5_000, forMs: 10_000 } },
          { rule: { ...RESET, connection: 1 } },
          { rule: { ...RESET, connection: 2 } },
        ],
        outcome: 'redials',
        watchMs: 12_000,
      }),
    },
    {
      id: 'a limit of messages',
      fault: 'one message in 2 s is taken (Cloud9Trader: two), more are refused (`limit-messages`)',
      cells: {
        ...everywhere(limitMessages(1)),
        // A book takes two of them: one for its changes, one for the whole.
        cloud9trader: limitMessages(2),
      },
    },
    {
      id: 'a ban',
      fault: 'the address is banned for 60 s (`ban`)',
      cells: everywhere({
        acts: [{ rule: { fault: 'ban', forMs: 60_000 } }],
        outcome: 'redials',
      }),
    },
    {
      id: 'maintenance',
      fault: 'the exchange is down for 30 s (`maintenance`)',
      cells: everywhere({
        acts: [{ rule: { fault: 'maintenance', forMs: 30_000 } }],
        outcome: 'redials',
      }),
    },
    {
      id: 'a walk through maintenance',
      fault: 'the engine goes to maintenance and comes back in steps of 5 s (`status-walk`)',
      cells: {
        coinbase: { none: 'the socket tells no state of the engine' },
        ...bothKrakens({
          acts: [{ rule: { fault: 'status-walk' } }],
          outcome: 'walks',
          watchMs: 20_000,
        } as const),
        cloud9trader: { none: 'the socket tells no state of the engine' },
      },
    },
    {
      id: 'HTTP errors on the upgrade',
      fault: `the first upgrade is answered with ${UPGRADE_LIST} (\`refuse-upgrade\`)`,
      peers: {
        ccxt: { coinbase: 'error', kraken: 'error' },
        'coinbase-api': { coinbase: 'error' },
      },
      cells: everywhere(
        inForms(
          UPGRADE_STATUSES.map((status) => ({ fault: 'refuse-upgrade', status, connection: 1 })),
          { from: 'opening', outcome: 'dialsAgain' },
        ),
      ),
    },
    {
      id: 'a bad certificate',
      fault: `the certificate is ${CERTIFICATES.join(', ')} (\`tls-certificate\`, real TLS)`,
      cells: everywhere({
        ...inForms(
          CERTIFICATES.map((how) => ({ fault: 'tls-certificate', how })),
          { from: 'opening', outcome: 'givesUp' },
        ),
        isTls: true,
      }),
    },
    {
      id: 'HTTP errors on REST',
      fault: `the call for the token is answered once with ${REST_STATUSES.join(', ')}`,
      cells: {
        ...bothKrakens(
          inForms(
            REST_STATUSES.map((status) => ({ fault: 'refuse-http', status, count: 1 })),
            { ...ACCOUNT_OPENING, words: 'calls again; books go on' },
          ),
        ),
        coinbase: NO_REST,
        cloud9trader: NO_REST,
      },
    },
    {
      id: 'HTTP 429 on REST',
      fault: 'the call for the token is answered once with 429 (`refuse-http`)',
      cells: {
        ...bothKrakens({
          acts: [{ rule: { fault: 'refuse-http', status: 429, count: 1 } }],
          ...ACCOUNT_OPENING,
          words: 'calls again; books go on',
        } as const),
        coinbase: NO_REST,
        cloud9trader: NO_REST,
      },
    },
  ],
};
