import { ConfigError } from '../model/error.js';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** Timers hold 31 bits of milliseconds; nobody means more than this. */
const DURATION_MAX_MS = 24 * 3_600_000;

/** `10s`, `500ms`, `2m`, `1h`; a bare number is seconds. */
export function parseDurationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  const durationMs = match ? Number(match[1]) * (UNIT_MS[match[2] ?? 's'] ?? NaN) : NaN;
  if (durationMs > 0 && durationMs <= DURATION_MAX_MS) return durationMs;
  throw new ConfigError(
    'OPTION_INVALID',
    `'${text}' is not a duration between 1ms and 24h; write 10s, 500ms, 2m or 1h.`,
  );
}

/** `12 ms`, `3.4 s`, `2 min 5 s`: for people. */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return '?';
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 60_000) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
