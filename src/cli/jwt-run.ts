import { createCoinbaseJwtMinter } from '../venues/coinbase/auth.js';
import type { CliIo } from './cli-io.js';
import { EXIT_CODES } from './exit-code.js';
import type { JwtOptions } from './jwt.js';
import { findCoinbaseCredentials } from './key-source.js';
import { parseChoice } from './number-option.js';
import { formatToken, TOKEN_FORMATS } from './token-format.js';

/** When a token ends, read from the token itself. */
function readExpiryMs(token: string): number | undefined {
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  const { exp } = JSON.parse(claims) as { exp?: unknown };
  return typeof exp === 'number' ? exp * 1000 : undefined;
}

/** Prints a token for Coinbase. */
export async function run(io: CliIo, options: JwtOptions): Promise<number> {
  const format = parseChoice('--format', options.format, TOKEN_FORMATS);
  const credentials = findCoinbaseCredentials(io, options);
  const minter = createCoinbaseJwtMinter(credentials, io.runtime.random);
  const value = await minter.mint(io.runtime.clock.nowMs());
  const facts = {
    keyName: minter.keyName,
    algorithm: minter.algorithm,
    expiresAtMs: readExpiryMs(value),
  };
  io.stdout.write(formatToken({ variable: 'JWT', field: 'jwt', value, facts }, format));
  return EXIT_CODES.done.code;
}
