/** Facts beside a log line. Values of type Secret print as `[secret]`. */
export type LogFacts = Readonly<Record<string, unknown>>;

/** Where the library writes what a person may want to know. It never throws. */
export interface Logger {
  debug(message: string, facts?: LogFacts): void;
  info(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  error(message: string, facts?: LogFacts): void;
}
