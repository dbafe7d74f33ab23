import { createRequire } from 'node:module';

/** The version in package.json, found by the package's own name: wherever this file ends up. */
export function readVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('truefeed/package.json');
  return String((manifest as { version?: unknown }).version);
}
