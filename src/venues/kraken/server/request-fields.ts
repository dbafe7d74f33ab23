/** The fields of a message that a client sent, before anything is known of them. Pure. */

/** Whatever was written there. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value has fields: a list has none. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses an object; anything else is undefined. */
export function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // The venue answers a broken message like any other it does not understand.
    return undefined;
  }
}

/** The digits of an id as the client sent them: it may pass 2^53. */
export function readDigits(text: string, value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const candidates = [...text.matchAll(/"req_?id"\s*:\s*(-?\d+)/g)].map(([, digits]) => digits);
  return candidates.find((digits) => Number(digits) === value) ?? String(value);
}

/** The first field that is none of the known ones. */
export function findUnknown(fields: Fields, known: readonly string[]): string | undefined {
  return Object.keys(fields).find((name) => !known.includes(name));
}
