import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where what outlives a run is kept: TRUEFEED_STATE_DIR, else the XDG state folder. */
export function findStateDirectory(env: Readonly<Record<string, string | undefined>>): string {
  if (env['TRUEFEED_STATE_DIR']) return env['TRUEFEED_STATE_DIR'];
  // The XDG specification says that a relative path is to be ignored.
  const stateHome = env['XDG_STATE_HOME'];
  if (stateHome && isAbsolute(stateHome)) return join(stateHome, 'truefeed');
  return join(env['HOME'] ?? homedir(), '.local', 'state', 'truefeed');
}
