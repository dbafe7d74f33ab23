import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../../shared/samples');

/** Recordings are not part of the project: tests that need them are skipped without them. */
export const samplesAbsent = !existsSync(folder);

/** Reads one recorded file. */
export function readSample(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

/** Reads a file of JSON lines, each as its text. */
export function readSampleLines(path: string): string[] {
  return readSample(path)
    .split('\n')
    .filter((line) => line !== '');
}
