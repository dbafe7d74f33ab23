/** The owner's data that private topics show: rows in the venue's own fields, kept by id. */
import type { PrivateTopic } from '../messages.js';

/** A row in the venue's own fields, numbers as decimal texts. */
export type AccountRow = Readonly<Record<string, string>>;

/** Rows by topic. */
export type AccountRows = Readonly<Partial<Record<PrivateTopic, readonly AccountRow[]>>>;

/** Everything that one account holds. */
export interface Account {
  rows(topic: PrivateTopic): readonly AccountRow[];
  /** The same, one list for each exchange, as the venue tells it without an id. */
  rowsByExchange(topic: PrivateTopic): readonly (readonly AccountRow[])[];
  /** Replaces the rows of the same identity and adds the rest. */
  change(topic: PrivateTopic, rows: readonly AccountRow[]): void;
}

/** Rows kept of each topic; the oldest go first. */
const ROWS_MAX = 10_000;

/** What makes two rows of a topic the same one. */
const IDENTITIES: Readonly<Record<PrivateTopic, readonly string[]>> = {
  orders: ['broker', 'id'],
  executions: ['broker', 'id'],
  balances: ['broker', 'accountNo', 'currency'],
  positions: ['broker', 'accountNo', 'instrumentId'],
};

/** A closed position is told once, and is no part of what is held. */
function isClosed(topic: PrivateTopic, row: AccountRow): boolean {
  return topic === 'positions' && row['quantity'] === '0';
}

/** Keeps an account from its first rows on. */
export function createAccount(initial: AccountRows = {}): Account {
  const kept = new Map<PrivateTopic, Map<string, AccountRow>>();

  const change = (topic: PrivateTopic, rows: readonly AccountRow[]): void => {
    const held = kept.get(topic) ?? new Map<string, AccountRow>();
    kept.set(topic, held);
    for (const row of rows) {
      const identity = IDENTITIES[topic].map((name) => row[name] ?? '').join('\n');
      held.set(identity, { ...held.get(identity), ...row });
      if (isClosed(topic, row)) held.delete(identity);
    }
    for (const identity of held.keys()) {
      if (held.size <= ROWS_MAX) break;
      held.delete(identity);
    }
  };
  const rows = (topic: PrivateTopic): readonly AccountRow[] => [
    ...(kept.get(topic)?.values() ?? []),
  ];

  for (const topic of Object.keys(IDENTITIES) as PrivateTopic[])
    change(topic, initial[topic] ?? []);
  return {
    rows,
    rowsByExchange(topic) {
      const lists = new Map<string, AccountRow[]>();
      for (const row of rows(topic)) {
        const broker = row['broker'] ?? '';
        lists.set(broker, [...(lists.get(broker) ?? []), row]);
      }
      return [...lists.values()];
    },
    change,
  };
}
