import { signCloud9TraderUpgrade } from '../venues/cloud9trader/auth.js';
import { ConfigError } from '../model/error.js';
import type { CliIo } from './cli-io.js';
import { EXIT_CODES } from './exit-code.js';
import type { HeadersOptions } from './headers.js';
import { CLOUD9TRADER_VARIABLES, explainMissingKey, findKeyPair } from './key-source.js';
import { parseChoice } from './number-option.js';
import { formatHeaders, HEADER_FORMATS } from './token-format.js';

function checkPath(path: string): string {
  if (/^\/[\x21-\x7e]*$/.test(path) && !/[?#]/.test(path)) return path;
  throw new ConfigError(
    'OPTION_INVALID',
    `--path must begin with '/' and hold no query, as in /feed; it is '${path}'.`,
  );
}

/** Prints what signs in to Cloud9Trader. */
export async function run(io: CliIo, options: HeadersOptions): Promise<number> {
  const format = parseChoice('--format', options.format, HEADER_FORMATS);
  const path = checkPath(options.path);
  const found = findKeyPair(io, options, CLOUD9TRADER_VARIABLES);
  if (!found) throw explainMissingKey(CLOUD9TRADER_VARIABLES);
  const headers = await signCloud9TraderUpgrade({
    key: found.key,
    secret: found.secret,
    nowMs: io.runtime.clock.nowMs(),
    path,
  });
  io.stdout.write(formatHeaders(headers, format));
  return EXIT_CODES.done.code;
}
