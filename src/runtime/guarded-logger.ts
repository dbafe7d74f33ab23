import type { LogFacts, Logger } from '../model/logger.js';
import type { Runtime } from '../model/runtime.js';

/** The logger, so wrapped that what it throws or rejects with ends nothing. */
function guardLogger(logger: Logger): Logger {
  const guard =
    (level: keyof Logger) =>
    (message: string, facts?: LogFacts): void => {
      try {
        // One that is asynchronous fits the type as well.
        const result: unknown = logger[level](message, facts);
        if (result instanceof Promise) result.catch(() => undefined);
      } catch {
        // A log that cannot be written must not take down what it tells about, and there is no
        // other place to say so.
        return;
      }
    };
  return { debug: guard('debug'), info: guard('info'), warn: guard('warn'), error: guard('error') };
}

/** The runtime as it is, but for a logger that may throw. */
export function guardRuntime(runtime: Runtime): Runtime {
  const logger = guardLogger(runtime.logger);
  return Object.create(runtime, { logger: { value: logger } }) as Runtime;
}
