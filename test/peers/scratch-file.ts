import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder that is never committed, and that the next run writes over. */
const FOLDER = join(import.meta.dirname, 'node_modules', '.cache');

/** Writes a file for a program that reads files only; returns its path. */
export function writeScratchFile(name: string, text: string): string {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  return path;
}
