import { inspect } from 'node:util';

const RUN_CHARACTERS = 8;

/** Every way in which an error, or anything else, may end up on a screen or in a log. */
function printEveryWay(value: unknown): string {
  const texts = [
    inspect(value, { depth: 10, showHidden: true }),
    JSON.stringify(value),
    String(value),
  ];
  if (value instanceof Error) {
    texts.push(value.message, value.stack ?? '', JSON.stringify({ ...value }));
    if (value.cause !== undefined) texts.push(printEveryWay(value.cause));
  }
  return texts.join('\n');
}

/** The first run of characters of the material that the value would show; undefined if none. */
export function findLeak(value: unknown, material: string): string | undefined {
  const printed = printEveryWay(value);
  for (let at = 0; at + RUN_CHARACTERS <= material.length; at += 1) {
    const run = material.slice(at, at + RUN_CHARACTERS);
    if (/^[A-Za-z0-9+/_=-]+$/.test(run) && printed.includes(run)) return run;
  }
  return undefined;
}

/** What a call throws; fails where it throws nothing. */
export function catchError(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

/** What a promise rejects with; fails where it does not. */
export async function catchRejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was rejected.');
}
