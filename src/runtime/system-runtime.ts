import type { Runtime } from '../model/runtime.js';
import { createHttpClient } from './http-client.js';

import { systemClock } from './system-clock.js';
import { systemRandom } from './system-random.js';
import { systemTimers } from './system-timers.js';
import { warningLogger } from './warning-logger.js';
import { createWebSocketDialer } from './web-socket-dialer.js';

/** The real world, but for what is given in its place. */
export function systemRuntime(overrides: Partial<Runtime> = {}): Runtime {
  const clock = overrides.clock ?? systemClock;
  const timers = overrides.timers ?? systemTimers;
  return {
    clock,
    timers,
    random: systemRandom,
    dial: createWebSocketDialer({ clock, timers }),
    http: createHttpClient(),
    logger: warningLogger,
    ...overrides,
  };
}
