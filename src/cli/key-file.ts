import type { CliIo } from './cli-io.js';

/** A key file is a few hundred bytes. */
const KEY_FILE_MAX_BYTES = 64 * 1024;
const OTHERS_MAY_READ = 0o077;
/** Of the mode: what kind of file it is. A pipe or a device is nothing to change the mode of. */
const FILE_KIND = 0o170000;
const REGULAR_FILE = 0o100000;

/** Reads a key file, and warns where others on the machine may read it too. */
export function readKeyFile(io: CliIo, path: string): string {
  const { text, mode } = io.readFile(path, KEY_FILE_MAX_BYTES);
  if ((mode & FILE_KIND) === REGULAR_FILE && (mode & OTHERS_MAY_READ) !== 0) {
    const bits = (mode & 0o777).toString(8).padStart(3, '0');
    io.stderr.write(
      `truefeed: warning: others on this machine can open the key file '${path}' (mode ${bits}); ` +
        `run: chmod 600 '${path}'\n`,
    );
  }
  return text;
}
