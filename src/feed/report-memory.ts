import { keepLatest } from './keep-latest.js';

/** Tells a report that was already delivered from a new one. */
export interface ReportMemory {
  /** Remembers the report; false where the last one of this key said exactly the same. */
  isNews(key: string, report: object): boolean;
}

/**
 * Venues send the same state of an order twice, and all open orders anew with each subscription;
 * handlers must see each state once. The oldest of `maxReports` is forgotten for a new one.
 */
export function createReportMemory(maxReports: number): ReportMemory {
  const lastReports = new Map<string, string>();
  return {
    isNews(key, report) {
      const text = JSON.stringify(report);
      if (lastReports.get(key) === text) return false;
      keepLatest(lastReports, [key, text], maxReports);
      return true;
    },
  };
}
