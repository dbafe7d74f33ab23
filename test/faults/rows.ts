import type { MatrixGroup } from './matrix-row.js';
import { FRAME_ROWS } from './rows/frames.js';
import { LIMIT_ROWS } from './rows/limits.js';
import { SIGN_IN_ROWS } from './rows/sign-in.js';
import { SNAPSHOT_ROWS } from './rows/snapshots.js';
import { SOCKET_ROWS } from './rows/sockets.js';

/** The whole matrix, in the order of the page. */
export const MATRIX: readonly MatrixGroup[] = [
  FRAME_ROWS,
  SNAPSHOT_ROWS,
  SOCKET_ROWS,
  SIGN_IN_ROWS,
  LIMIT_ROWS,
];
