import { TruefeedError } from '../model/error.js';
import type { LogFacts, Logger } from '../model/logger.js';
import type { Clock } from '../model/runtime.js';
import { Secret, SECRET_MARK } from '../model/secret.js';
import { redactText } from './redaction.js';
import { systemClock } from './system-clock.js';

const SECRET_NAME = /secret|token|signature|password|passphrase|authorization|jwt|privatekey/i;
const MAX_DEPTH = 6;
const MAX_ITEMS = 100;
const MAX_TEXT_LENGTH = 2_000;

/**
 * Writes one JSON object a line. Values of type Secret, fields with the name of a secret, and what
 * looks like a key, a token or a query value are masked: a second wall, not the first.
 */
export function createStreamLogger(
  write: (line: string) => void,
  clock: Clock = systemClock,
): Logger {
  const log = (level: string, message: string, facts?: LogFacts): void => {
    const at = new Date(clock.nowMs()).toISOString();
    const plain = facts === undefined ? {} : { facts: toPlain(facts, 0) };
    const line = { level, at, message: redactText(message), ...plain };
    try {
      write(`${JSON.stringify(line)}\n`);
    } catch {
      // A log that cannot be written must not take down what it tells about, and there is no other
      // place to say so.
      return;
    }
  };
  return {
    debug: (message, facts) => log('debug', message, facts),
    info: (message, facts) => log('info', message, facts),
    warn: (message, facts) => log('warn', message, facts),
    error: (message, facts) => log('error', message, facts),
  };
}

/** What JSON can hold, bounded, without secrets. */
function toPlain(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value.slice(0, MAX_TEXT_LENGTH));
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Secret) return SECRET_MARK;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return errorToPlain(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((one) => toPlain(one, depth + 1));
  return fieldsToPlain(value, depth);
}

function errorToPlain(error: Error, depth: number): unknown {
  return {
    name: error.name,
    ...(error instanceof TruefeedError
      ? { code: error.code, facts: toPlain(error.facts, depth + 1) }
      : {}),
    message: redactText(error.message.slice(0, MAX_TEXT_LENGTH)),
    ...(error.cause === undefined ? {} : { cause: toPlain(error.cause, depth + 1) }),
  };
}

function fieldsToPlain(value: object, depth: number): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const name of Object.keys(value).slice(0, MAX_ITEMS)) {
    plain[name] = SECRET_NAME.test(name) ? SECRET_MARK : toPlain(readField(value, name), depth + 1);
  }
  return plain;
}

/** A getter may throw; a logger never does. */
function readField(value: object, name: string): unknown {
  try {
    return (value as Record<string, unknown>)[name];
  } catch {
    return '[unreadable]';
  }
}
