import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../../../shared/samples/coinbase');

/** Recordings are not part of the project: their tests are left out where the folder is absent. */
export const samplesAbsent = !existsSync(folder);

/** The text of one recording. */
export function readSample(name: string): string {
  return readFileSync(resolve(folder, name), 'utf8');
}

/** One line of a recorded session or list of frames. */
export interface SampleLine {
  readonly dir?: string;
  readonly feed?: string;
  readonly data: unknown;
}

/** The lines of a recording, parsed. */
export function readSampleLines(name: string): SampleLine[] {
  return readSample(name)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SampleLine);
}

/** What a server sent in the scripted dialogues: replies (`<`) and pushes (`=`), by file. */
export function readDialogues(): { readonly name: string; readonly frames: readonly string[] }[] {
  const dialogues = resolve(folder, 'advtrade-coinbase-net-fixtures');
  return readdirSync(dialogues).map((name) => ({
    name,
    frames: readFileSync(resolve(dialogues, name), 'utf8')
      .split(/^(?=[<>=])/m)
      .filter((part) => part.startsWith('<') || part.startsWith('='))
      .map((part) => part.replace(/^[<=]\d?/, '').trim()),
  }));
}
