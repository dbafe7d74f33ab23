import type { BalanceReport, PositionReport } from '../../model/account.js';

/** Reports of one kind, the newest of each key. */
export interface ReportStore<Report> {
  readonly size: number;
  /** False where the last report of this key said exactly the same. */
  note(report: Report): boolean;
  get(key: string): Report | undefined;
  all(): readonly Report[];
  /** Nobody follows these any more. */
  forget(isMeant: (report: Report) => boolean): void;
  /** Something was lost that may have been the end of any of them. */
  doubt(): void;
  /** All there are were listed. Returns those that are not among them, and forgets them. */
  settle(): readonly Report[];
}

/** How reports of one kind are told apart, and which of them say that there is nothing left. */
export interface ReportManner<Report> {
  keyOf(report: Report): string;
  isGone(report: Report): boolean;
}

const ZERO = /^-?0*(\.0*)?$/;

/** Balances by their asset, or by their kind where there is none, and their wallet. */
export const BALANCE_MANNER: ReportManner<BalanceReport> = {
  keyOf: ({ asset, kind, wallet }) => [asset ?? kind, wallet ?? ''].join(' ').trim(),
  isGone: () => false,
};

/** Positions by kind, symbol and side; one of size zero is closed. */
export const POSITION_MANNER: ReportManner<PositionReport> = {
  keyOf: ({ kind, symbol, side, wallet }) =>
    [kind, symbol, side ?? '', wallet ?? ''].join(' ').trim(),
  isGone: ({ size }) => size !== undefined && size !== '' && ZERO.test(size),
};

/** Keeps at most `maxReports`; the one reported longest ago is forgotten for a new one. */
export function createReportStore<Report>(
  manner: ReportManner<Report>,
  maxReports: number,
): ReportStore<Report> {
  const reports = new Map<string, Report>();
  const doubted = new Set<string>();
  return {
    get size() {
      return reports.size;
    },
    note(report) {
      const key = manner.keyOf(report);
      const before = reports.get(key);
      const isKnownGone = before === undefined && manner.isGone(report);
      const isSame = before !== undefined && JSON.stringify(before) === JSON.stringify(report);
      doubted.delete(key);
      reports.delete(key);
      if (!manner.isGone(report)) reports.set(key, Object.freeze(report));
      if (reports.size > maxReports) {
        const oldest = reports.keys().next();
        if (oldest.done) return !isSame && !isKnownGone;
        reports.delete(oldest.value);
        doubted.delete(oldest.value);
      }
      return !isSame && !isKnownGone;
    },
    get: (key) => reports.get(key),
    all: () => [...reports.values()],
    forget(isMeant) {
      for (const [key, report] of [...reports]) {
        if (!isMeant(report)) continue;
        reports.delete(key);
        doubted.delete(key);
      }
    },
    doubt() {
      for (const key of reports.keys()) doubted.add(key);
    },
    settle() {
      const missing = [...doubted].flatMap((key) => reports.get(key) ?? []);
      for (const key of doubted) reports.delete(key);
      doubted.clear();
      return missing;
    },
  };
}
