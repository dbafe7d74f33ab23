import { inspect } from 'node:util';
import type { LogFacts, Logger } from '../model/logger.js';
import { redactText } from './redaction.js';

function describe(facts: LogFacts): string {
  const { error } = facts;
  if (error === undefined) return '';
  return redactText(error instanceof Error ? (error.stack ?? error.message) : inspect(error));
}

/**
 * What a program that passes no logger gets: errors, such as its own listener that threw, become
 * warnings of the process; everything else is left out.
 */
export const warningLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error(message, facts = {}) {
    const code = typeof facts['code'] === 'string' ? facts['code'] : 'UNEXPECTED';
    process.emitWarning(message, { type: 'TruefeedWarning', code, detail: describe(facts) });
  },
};
