import type { NonceScale } from '../auth/nonce.js';
import type { CliIo } from './cli-io.js';
import type { AddressOptions } from './coinbase-venue.js';
import type { DoctorReport } from './doctor-report.js';
import type { KeyOptions } from './key-source.js';

/** What an examination of one venue is given. */
export interface DoctorTask extends AddressOptions, KeyOptions {
  readonly io: CliIo;
  readonly report: DoctorReport;
  /** The longest that one step may take. */
  readonly timeoutMs: number;
  readonly nonceScale: NonceScale;
  readonly caPem?: string | undefined;
  readonly restUrl?: string | undefined;
}
