import type { Instrument } from '../model/market.js';
import type { InstrumentsMessage } from '../model/message.js';

/** What the venue says can be traded. */
export interface InstrumentStore {
  /** Whether the venue listed all there are. */
  readonly isListed: boolean;
  note(message: InstrumentsMessage): void;
  find(symbol: string): Instrument | undefined;
}

/** Keeps at most `maxInstruments`; with more than that nothing counts as listed whole. */
export function createInstrumentStore(maxInstruments: number): InstrumentStore {
  const instruments = new Map<string, Instrument>();
  let isListed = false;
  return {
    get isListed() {
      return isListed;
    },
    note({ type, instruments: told }) {
      if (type === 'instruments.snapshot') {
        instruments.clear();
        isListed = told.length <= maxInstruments;
      }
      for (const one of told) {
        if (instruments.size >= maxInstruments && !instruments.has(one.symbol)) isListed = false;
        else instruments.set(one.symbol, { ...instruments.get(one.symbol), ...one });
      }
    },
    find: (symbol) => instruments.get(symbol),
  };
}
