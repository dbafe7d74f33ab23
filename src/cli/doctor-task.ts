import type { NonceScale } from '../auth/nonce.js';
import type { CliIo } from './cli-io.js';
import type { VenueOptions } from './venue-table.js';
import type { DoctorReport } from './doctor-report.js';

/** What an examination of one venue is given. */
export interface DoctorTask extends VenueOptions {
  readonly io: CliIo;
  readonly report: DoctorReport;
  /** The longest that one step may take. */
  readonly timeoutMs: number;
  readonly nonceScale: NonceScale;
  readonly caPem?: string | undefined;
}
