const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/**
 * A number for the wire, digit by digit: a price or a size that passed through a double might leave
 * with other digits than those that were asked for.
 */
export class JsonNumber {
  readonly digits: string;

  /** Throws RangeError for what is no plain decimal. */
  constructor(digits: string) {
    if (!JSON_NUMBER.test(digits)) throw new RangeError('A JSON number must be a plain decimal.');
    this.digits = digits;
  }

  /** JSON.stringify would put quotes around it, and nobody would notice. */
  toJSON(): never {
    throw new TypeError('A JsonNumber is written by formatJson only.');
  }
}

/** JSON of a message as JSON.stringify writes it, with every JsonNumber in its own digits. */
export function formatJson(value: unknown): string {
  return formatValue(value) ?? 'null';
}

/** Undefined for what JSON leaves out of an object. */
function formatValue(value: unknown): string | undefined {
  if (value instanceof JsonNumber) return value.digits;
  if (typeof value !== 'object' || value === null) return stringify(value);
  if (hasToJson(value)) return stringify(value);
  if (Array.isArray(value)) {
    return `[${value.map((one) => formatValue(one) ?? 'null').join(',')}]`;
  }
  const fields = Object.entries(value).flatMap(([name, one]) => {
    const text = formatValue(one);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${fields.join(',')}}`;
}

function hasToJson(value: object): boolean {
  return typeof (value as { readonly toJSON?: unknown }).toJSON === 'function';
}

/** For functions and symbols JSON has nothing, which the type of `stringify` does not say. */
function stringify(value: unknown): string | undefined {
  return JSON.stringify(value);
}
