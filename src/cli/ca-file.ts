import { ConfigError } from '../model/error.js';
import type { CliIo } from './cli-io.js';

const CERTIFICATE_MAX_BYTES = 1024 * 1024;

/**
 * The certificates of `--ca-file`, where it is given. A file without one is refused: TLS would pass
 * it over in silence, and the handshake would fail for a reason that nobody looks for there.
 */
export function readCertificates(io: CliIo, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const { text } = io.readFile(path, CERTIFICATE_MAX_BYTES);
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new ConfigError(
    'OPTION_INVALID',
    `The file '${path}' given as --ca-file holds no certificate in PEM; name the one to trust.`,
    { facts: { path } },
  );
}
