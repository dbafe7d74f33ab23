import type { Cell, MatrixRow, OutcomeName } from '../matrix-row.js';

/** A change of a book at each venue, as its rules pick frames. */
const CHANGES = {
  coinbase: { at: { channel: 'l2_data', kind: 'update' } },
  kraken: { at: { channel: 'book', kind: 'update' } },
  'kraken-v1': { at: { channel: 'book', kind: 'update' } },
  cloud9trader: { at: { kind: 'delta' } },
};
/** A snapshot of a book at each venue. */
const SNAPSHOTS = {
  coinbase: { at: { channel: 'l2_data', kind: 'snapshot' } },
  kraken: { at: { channel: 'book', kind: 'snapshot' } },
  'kraken-v1': { at: { channel: 'book', kind: 'snapshot' } },
  cloud9trader: { at: { kind: 'answer' } },
};

type Picks = typeof CHANGES;
type Rest = Partial<Omit<Cell, 'acts' | 'outcome'>>;
type Cells = MatrixRow['cells'];

type Forms = readonly object[];

function pickEverywhere(picks: Picks, [rule, ...alike]: Forms, rest: Rest & Pick<Cell, 'outcome'>) {
  const cell = (pick: object): Cell => {
    const toActs = (one = {}) => [{ rule: { ...one, ...pick, connection: 1 } }];
    return { acts: toActs(rule), ...rest, alike: alike.map(toActs) };
  };
  return {
    coinbase: cell(picks.coinbase),
    kraken: cell(picks.kraken),
    'kraken-v1': cell(picks['kraken-v1']),
    cloud9trader: cell(picks.cloud9trader),
  } satisfies Cells;
}

/**
 * The same fault at the next change of a book of the first socket, at every venue; several forms of
 * it all have the same outcome.
 */
export function onNextChange(rule: object | Forms, outcome: OutcomeName, rest: Rest = {}) {
  return pickEverywhere(CHANGES, Array.isArray(rule) ? rule : [rule], { ...rest, outcome });
}

/** The same fault at the first snapshot of the first socket, at every venue. */
export function onFirstSnapshot(rule: object, outcome: OutcomeName, rest: Rest = {}) {
  return pickEverywhere(SNAPSHOTS, [rule], { from: 'opening', ...rest, outcome });
}

/** The same cell at every venue. */
export function everywhere(cell: Cell) {
  return { coinbase: cell, kraken: cell, 'kraken-v1': cell, cloud9trader: cell } satisfies Cells;
}

/** The same cell at both protocols of Kraken. */
export function bothKrakens<One>(one: One): { readonly kraken: One; readonly 'kraken-v1': One } {
  return { kraken: one, 'kraken-v1': one };
}
