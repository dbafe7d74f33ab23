/** JSON written by hand, so that numbers keep their digits and keys the order of the venue. */

/** A value as it stands in JSON already; undefined: the field is left out. */
export type JsonField = readonly [name: string, value: string | undefined];

/** Writes a text. */
export function quote(value: string): string {
  return JSON.stringify(value);
}

/** Writes an object; fields without a value are left out. */
export function writeObject(fields: readonly JsonField[]): string {
  const shown = fields.flatMap(([name, value]) =>
    value === undefined ? [] : `${quote(name)}:${value}`,
  );
  return `{${shown.join(',')}}`;
}
