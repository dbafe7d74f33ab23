/**
 * The venue's own spelling of numbers: a fixed count of decimals for each pair, zero in full
 * (`0.00000000`), never an exponent (recorded 2026-07). JSON is written by hand around them, since
 * a serializer would drop the padding that checksums are made of.
 */
import { crc32 } from 'node:zlib';

/**
 * Pads a plain decimal. One that has more digits than the pair keeps them: a wrong price is worse
 * than an odd one.
 */
export function printDecimal(text: string, decimals: number): string {
  const [integer = '0', fraction = ''] = text.split('.');
  const needed = fraction.replace(/0+$/, '');
  const shown = needed.padEnd(decimals, '0');
  return shown === '' ? integer : `${integer}.${shown}`;
}

/** Writes an amount of a number of units, which may be negative, with exactly these decimals. */
export function printUnits(units: bigint, decimals: number): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const sign = units < 0n ? '-' : '';
  const point = digits.length - decimals;
  return `${sign}${digits.slice(0, point)}${decimals === 0 ? '' : `.${digits.slice(point)}`}`;
}

/** Reads a plain decimal as units; digits beyond the decimals are cut off. */
export function readUnits(text: string, decimals: number): bigint {
  const [integer = '0', fraction = ''] = text.split('.');
  return BigInt(integer + fraction.slice(0, decimals).padEnd(decimals, '0'));
}

/** How many decimals an increment such as `0.001` has. */
export function countDecimals(increment: string): number {
  return increment.split('.')[1]?.length ?? 0;
}

/** A number's part of a checksum text: no point, no leading zeros (guides/spot-ws-book-v2). */
export function checksumDigits(printed: string): string {
  return printed.replace('.', '').replace(/^0+/, '');
}

/** The checksum of a text, an unsigned number. */
export function checksumText(text: string): number {
  return crc32(text);
}
