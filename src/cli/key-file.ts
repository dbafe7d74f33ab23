import { ConfigError, KeyError } from '../model/error.js';
import type { CliIo } from './cli-io.js';

/** A key file is a few hundred bytes. */
const KEY_FILE_MAX_BYTES = 64 * 1024;
const OTHERS_MAY_READ = 0o077;
/** Of the mode: what kind of file it is. A pipe or a device is nothing to change the mode of. */
const FILE_KIND = 0o170000;
const REGULAR_FILE = 0o100000;

/** Reads a key file, and warns where others on the machine may read it too. */
export function readKeyFile(io: CliIo, path: string): string {
  if (path.trim() === '') {
    throw new ConfigError(
      'OPTION_INVALID',
      '--key-file has no file name after it: a variable of the shell may be empty. Name the file ' +
        'of the key, or leave the option out to take the key from the environment.',
    );
  }
  const { text, mode } = io.readFile(path, KEY_FILE_MAX_BYTES);
  if ((mode & FILE_KIND) === REGULAR_FILE && (mode & OTHERS_MAY_READ) !== 0) {
    const bits = (mode & 0o777).toString(8).padStart(3, '0');
    io.stderr.write(
      `truefeed: warning: others on this machine can open the key file '${path}' (mode ${bits}); ` +
        `run: chmod 600 '${path}'\n`,
    );
  }
  if (text.includes('\0')) throw explainNoText(path);
  return text;
}

/** Of UTF-16, each second byte of a key is zero. */
function explainNoText(path: string): KeyError {
  return new KeyError(
    'KEY_INVALID',
    `The key file '${path}' is not UTF-8: it may have been saved as UTF-16 ("Unicode"), or is no ` +
      'text. Save it as UTF-8, or download it again.',
    { facts: { defect: 'not-utf8' } },
  );
}
