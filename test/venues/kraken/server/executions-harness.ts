import { openTrader, type AccountFrame } from './trader-harness.js';

/** One report of a private channel. */
export type Entry = Readonly<Record<string, unknown>>;

/** A trader who follows a private channel. */
export function follow(channel: string, options: object = {}) {
  const opened = openTrader();
  opened.trader.subscribe(channel, options);
  const frames = (): readonly AccountFrame[] => opened.trader.frames(channel);
  const updates = (): readonly Entry[] =>
    frames()
      .filter(({ type }) => type === 'update')
      .flatMap(({ data }) => data);
  const types = (): unknown[] => updates().map((entry) => entry['exec_type']);
  return { ...opened, frames, updates, types };
}

/** What a report says, whatever it says of it. */
export function keysOf(entry: Entry | undefined): string[] {
  return Object.keys(entry ?? {}).sort();
}
