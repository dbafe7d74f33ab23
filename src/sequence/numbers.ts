import type { MessageNumbers } from '../model/tracker.js';

function assertNumber(name: string, value: number): void {
  if (Number.isSafeInteger(value)) return;
  throw new RangeError(`${name} is ${value}; a codec must deliver safe integers as numbers.`);
}

/** Throws RangeError unless both numbers are safe integers in order: anything else is a bug. */
export function assertNumbers(numbers: MessageNumbers): void {
  assertNumber('first', numbers.first);
  assertNumber('last', numbers.last);
  if (numbers.first <= numbers.last) return;
  throw new RangeError(`first (${numbers.first}) is above last (${numbers.last}).`);
}

/** Throws RangeError unless the number a tracker starts from is absent or a safe integer. */
export function assertStart(lastNumber: number | undefined): void {
  if (lastNumber !== undefined) assertNumber('lastNumber', lastNumber);
}

/** Throws RangeError unless the message names its predecessor; returns it. */
export function requirePrevious(numbers: MessageNumbers): number {
  if (numbers.previous === undefined) {
    throw new RangeError('previous is absent; a chain needs each message to name the one before.');
  }
  assertNumber('previous', numbers.previous);
  return numbers.previous;
}
