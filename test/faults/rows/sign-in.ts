import type { Cell, CellAct, MatrixGroup, OutcomeName } from '../matrix-row.js';
import { bothKrakens, everywhere } from './next-change.js';

const ACCOUNT = { account: true } as const;
const OPENING = { ...ACCOUNT, from: 'opening' } as const;
const REVOKED = { acts: [{ rule: { fault: 'revoke-tokens' } }], ...ACCOUNT } as const;
const SKEWED = {
  acts: [{ rule: { fault: 'clock-skew', skewMs: 600_000 } }],
  ...OPENING,
} as const;
const NO_TIMES = { none: 'what is signed has no time' };

function refuseAs(as: string, outcome: OutcomeName): Cell {
  return { acts: [{ rule: { fault: 'refuse-credentials', as } }], outcome, ...OPENING };
}

function refuseForAWhile(as: string): CellAct[] {
  const rule = { fault: 'refuse-credentials', as };
  return [{ rule }, { closeCode: 1001 }, { clearAfterMs: 100_000 }];
}

/** What happens to credentials and clocks. */
export const SIGN_IN_ROWS: MatrixGroup = {
  title: 'Sign-in and clocks',
  rows: [
    {
      id: 'expired or revoked credentials',
      fault: 'every credential is refused as expired, or as revoked (`refuse-credentials`)',
      cells: everywhere({
        ...refuseAs('expired', 'refused'),
        alike: [refuseAs('revoked', 'refused').acts],
      }),
    },
    {
      id: 'a replayed credential',
      fault: 'every credential is refused as used before',
      cells: {
        ...everywhere(refuseAs('replayed', 'refused')),
        ...bothKrakens(refuseAs('replayed', 'refusedAtOnce')),
      },
    },
    {
      id: 'a credential that is not yet valid',
      fault: 'every credential is refused as not yet valid',
      cells: {
        ...everywhere(refuseAs('not-yet-valid', 'refused')),
        kraken: NO_TIMES,
        'kraken-v1': NO_TIMES,
      },
    },
    {
      id: 'a good key that is refused for a while',
      fault: 'a key that was accepted is refused for 100 s, and all connections are closed',
      cells: everywhere({
        acts: refuseForAWhile('revoked'),
        ...ACCOUNT,
        outcome: 'signsInLater',
        alike: [refuseForAWhile('expired')],
      }),
    },
    {
      id: 'tokens revoked while connected',
      fault: 'what was issued or signed until now ends, while connected (`revoke-tokens`)',
      cells: {
        ...everywhere({ ...REVOKED, outcome: 'signsInAgain' }),
        ...bothKrakens({
          ...REVOKED,
          outcome: 'unharmed',
          words: 'goes on: what is subscribed stays so, and the next sign-in takes a new token',
        } as const),
      },
    },
    {
      id: 'a server clock that is ahead',
      fault: "the server's clock is 10 min ahead from the beginning (`clock-skew`)",
      cells: {
        ...everywhere({ ...SKEWED, outcome: 'waits' }),
        cloud9trader: { ...SKEWED, outcome: 'skewCorrected' },
      },
    },
    {
      id: 'a clock that jumps',
      fault:
        "the server's clock jumps by 10 min, or the own one is set back by 10 min, and then " +
        'every connection is closed (`clock-jump`)',
      cells: everywhere({
        acts: [{ rule: { fault: 'clock-jump', byMs: 600_000 } }, { closeCode: 1001 }],
        outcome: 'redials',
        account: true,
        words: 'is stale at once, dials new sockets and signs in by the time of the server',
        alike: [[{ clientClockMs: -600_000 }, { closeCode: 1001 }]],
      }),
    },
  ],
};
