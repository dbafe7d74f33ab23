import type { SimulatedVenue } from '../simulation/exchanges.js';

/** What happens to one connection, to the exchange, or to the client's own machine. */
export type CellAct =
  /** A rule of `docs/faults.md`, in the words of the venue. */
  | { readonly rule: object }
  | { readonly network: 'freeze' | 'refuse'; readonly forMs: number }
  | { readonly network: 'die' }
  /** Every connection is closed by the exchange. */
  | { readonly closeCode: number }
  /** The rules end so long after they began. */
  | { readonly clearAfterMs: number }
  /** The client's own clock is set. */
  | { readonly clientClockMs: number }
  /** The first text that fits is changed on its way, as no checksum of TCP would notice. */
  | { readonly change: RegExp; readonly to: string }
  /** An order of the account, so that there is something to tell. */
  | { readonly order: number };

/** What the client makes of a fault; `OUTCOMES` says it in words, and what has to be seen of it. */
export type OutcomeName = keyof typeof OUTCOMES;

interface Outcome {
  /** For people. */
  readonly words: string;
  /** Begins of what must be said, in this order; more may be said between them. */
  readonly says: readonly string[];
  /** Begins of what must not be said. */
  readonly never: readonly string[];
  /** States of the book that must be passed through; any where it is absent. */
  readonly states?: readonly string[];
  /** Nobody can know, so that a live book is another than the exchange's: which has to be seen. */
  readonly isBlind?: boolean;
  /** What the fault concerns stays down. */
  readonly isFinal?: boolean;
}

const LOSSES = ['book.staled', 'session.closed', 'account.staled', 'frame.refused'];

/** What may become of a fault. */
export const OUTCOMES = {
  unharmed: {
    words: 'goes on',
    says: [],
    never: LOSSES,
    states: ['live'],
  },
  resnapshots: {
    words: 'is stale at once, takes a fresh snapshot on the same socket',
    says: ['book.staled', 'book.restored'],
    never: ['session.closed'],
  },
  redials: {
    words: 'is stale at once, dials a new socket',
    says: ['session.closed', 'session.opened', 'book.restored'],
    never: [],
  },
  redialsSilent: {
    words: "waits for the venue's silence, then is stale and dials a new socket",
    says: ['session.closed CONNECTION_SILENT', 'session.opened', 'book.restored'],
    never: [],
    states: ['live', 'stale', 'live'],
  },
  waits: {
    words: 'is not live before it has everything',
    says: [],
    never: LOSSES,
    states: ['syncing', 'live'],
  },
  asksAgain: {
    words: 'is not live, asks again',
    says: [],
    never: ['book.staled'],
    states: ['syncing', 'live'],
  },
  dialsAgain: {
    words: 'is not live, dials again, more slowly each time',
    says: ['session.closed', 'session.opened'],
    never: ['book.staled'],
    states: ['syncing', 'live'],
  },
  signsInAgain: {
    words: 'says that the account is stale, signs in again; books go on',
    says: ['account.staled', 'account.restored'],
    never: ['book.staled'],
    states: ['live'],
  },
  accountResnapshots: {
    words: 'says that the account is stale, takes a fresh list; books go on',
    says: ['sequence.gapped', 'account.staled', 'account.restored'],
    never: ['book.staled', 'session.closed'],
    states: ['live'],
  },
  skewCorrected: {
    words: "is refused once, signs in with the server's time; books go on",
    says: ['auth.refused AUTH_CLOCK_SKEWED', 'auth.accepted'],
    never: ['book.staled'],
  },
  refused: {
    words: 'tries once more with everything made anew, then gives the account up; books go on',
    says: ['auth.refused AUTH_REFUSED', 'auth.refused AUTH_REFUSED (final)'],
    never: ['book.staled'],
    states: ['syncing', 'live'],
    isFinal: true,
  },
  signsInLater: {
    words: 'is refused twice, then asks ever more rarely until the venue takes the key again',
    says: ['auth.refused AUTH_REFUSED', 'account.restored'],
    never: ['auth.refused AUTH_REFUSED (final)', 'subscription.refused AUTH_REFUSED (final)'],
  },
  refusedAtOnce: {
    words: 'gives the account up: only its owner knows who else uses the key; books go on',
    says: ['auth.refused AUTH_NONCE_REFUSED (final)'],
    never: ['book.staled'],
    states: ['syncing', 'live'],
    isFinal: true,
  },
  givesUp: {
    words: 'gives up, since a wrong certificate may be a wrong server',
    says: ['session.closed TLS_INVALID'],
    never: ['session.opened'],
    states: ['syncing'],
    isFinal: true,
  },
  namesTrades: {
    words: 'says which trades are missing; the book goes on',
    says: ['trades.gapped'],
    never: LOSSES,
    states: ['live'],
  },
  walks: {
    words: "tells each state of the venue's engine; the book goes on",
    says: ['venue.changed (maintenance)', 'venue.changed (cancel-only)', 'venue.changed (online)'],
    never: LOSSES,
    states: ['live'],
  },
  revealedLater: {
    words: 'cannot know before the next frame, **exempt until then**; then a fresh snapshot',
    says: ['book.staled', 'book.restored'],
    never: ['session.closed'],
    isBlind: true,
  },
  lateNews: {
    words: 'cannot know before the next frame; then is stale, takes a fresh snapshot',
    says: ['book.staled', 'book.restored'],
    never: ['session.closed'],
  },
  blind: {
    words: '**exempt**: no check of the venue reveals it',
    says: [],
    never: [...LOSSES, 'sequence.gapped'],
    isBlind: true,
  },
  unheard: {
    words: '**exempt**: no check of the venue reveals it; the book goes on',
    says: [],
    never: [...LOSSES, 'sequence.gapped', 'trades.gapped'],
    states: ['live'],
  },
} as const satisfies Readonly<Record<string, Outcome>>;

/** The outcome of that name. */
export function outcomeOf(name: OutcomeName): Outcome {
  return OUTCOMES[name];
}

/** One fault at one venue. */
export interface Cell {
  readonly acts: readonly CellAct[];
  /** Where it happens before the client connects, times count from the call of `openFeed`. */
  readonly from?: 'opening';
  /** Follows the account as well. */
  readonly account?: true;
  /** Levels a side that are asked for and compared. */
  readonly depth?: number;
  readonly outcome: OutcomeName;
  /** For people, where the words of the outcome do not say it all. */
  readonly words?: string;
  /** Other forms of the fault, each of which has to end in just the same way. */
  readonly alike?: readonly (readonly CellAct[])[];
  /** Played on a real socket, with real TLS. */
  readonly isTls?: boolean;
  /** How long it is looked at, at least. */
  readonly watchMs?: number;
}

/** A venue at which there is no such fault, and why. */
export interface NoCell {
  readonly none: string;
}

/** What a peer did on the same fault, in one of four words. */
export type PeerResult =
  'right' | 'wrong, without an error' | 'stopped, without an error' | 'error';

/** One fault at every venue. */
export interface MatrixRow {
  /** Part of the name of its tests. */
  readonly id: string;
  readonly fault: string;
  readonly cells: Readonly<Record<SimulatedVenue, Cell | NoCell>>;
  /** Asserted by `npm run test:peers`. */
  readonly peers?: {
    readonly ccxt?: { readonly [Venue in SimulatedVenue]?: PeerResult };
    readonly 'coinbase-api'?: { readonly coinbase: PeerResult };
  };
}

/** Rows under one heading of the page. */
export interface MatrixGroup {
  readonly title: string;
  readonly rows: readonly MatrixRow[];
}

/** What was seen when a cell was played. */
export interface SeenCell {
  /** Events with their codes, in order; several of one kind in a row are one. */
  readonly said: readonly string[];
  /** States of the book from the fault on. */
  readonly states: readonly string[];
  /** From the fault until all that is followed was live, and stayed so; null: it was not. */
  readonly liveMs: number | null;
}
