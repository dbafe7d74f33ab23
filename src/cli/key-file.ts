import { KeyError } from '../model/error.js';
import type { CliIo } from './cli-io.js';

/** A key file is a few hundred bytes. */
const KEY_FILE_MAX_BYTES = 64 * 1024;
const OTHERS_MAY_READ = 0o077;

/** Reads a key file, and warns where others on the machine may read it too. */
export function readKeyFile(io: CliIo, path: string): string {
  const { text, mode } = io.readFile(path, KEY_FILE_MAX_BYTES);
  if ((mode & OTHERS_MAY_READ) !== 0) {
    const bits = (mode & 0o777).toString(8).padStart(3, '0');
    io.stderr.write(
      `truefeed: warning: others on this machine can open the key file '${path}' (mode ${bits}); ` +
        `run: chmod 600 '${path}'\n`,
    );
  }
  return text;
}

/** Which names a pair of key and secret goes by in files and variables. */
export interface KeyPairNames {
  readonly venueTitle: string;
  readonly keyVariable: string;
  readonly secretVariable: string;
}

export interface KeyPair {
  readonly key: string;
  readonly secret: string;
}

const KEY_FIELDS = ['key', 'apiKey', 'api_key', 'publicKey', 'public_key'];
const SECRET_FIELDS = ['secret', 'apiSecret', 'api_secret', 'privateKey', 'private_key'];

function pickField(fields: Readonly<Record<string, unknown>>, names: readonly string[]) {
  const value = names.map((name) => fields[name]).find((one) => typeof one === 'string' && one);
  return typeof value === 'string' ? value.trim() : undefined;
}

function unquote(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, '$2');
}

function readAssignments(lines: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const line of lines) {
    const match = /^(?:export\s+)?([A-Za-z][A-Za-z0-9_]*)\s*[=:]\s*(\S.*)$/.exec(line);
    if (match?.[1] && match[2]) fields[match[1]] = unquote(match[2]);
  }
  return fields;
}

function parseJsonFields(text: string, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // The parser's own message quotes the text, which may be the secret: it is not passed on.
  }
  throw new KeyError('KEY_INVALID', `The key file '${path}' starts like JSON but is none.`);
}

/** Two lines, key first, as older tools keep it; a base64 secret may end in `=`, so that goes first. */
function readTwoLines(lines: readonly string[]): KeyPair | undefined {
  const [key, secret] = lines;
  if (lines.length !== 2 || !key || !secret) return undefined;
  return /^[A-Za-z0-9+/_-]+=*$/.test(key) && /^[A-Za-z0-9+/_-]+=*$/.test(secret)
    ? { key, secret }
    : undefined;
}

/** Finds key and secret in a file: JSON, `NAME=value` lines, or two bare lines. */
export function parseKeyPairFile(text: string, path: string, names: KeyPairNames): KeyPair {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  const lines = trimmed
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'));
  const twoLines = readTwoLines(lines);
  if (twoLines) return twoLines;
  const fields = trimmed.startsWith('{') ? parseJsonFields(trimmed, path) : readAssignments(lines);
  const key = pickField(fields, [names.keyVariable, ...KEY_FIELDS]);
  const secret = pickField(fields, [names.secretVariable, ...SECRET_FIELDS]);
  if (key && secret) return { key, secret };
  const missing = [...(key ? [] : ['the key']), ...(secret ? [] : ['the secret'])].join(' and ');
  throw new KeyError(
    'KEY_INVALID',
    `The key file '${path}' holds no ${names.venueTitle} pair: ${missing} is missing. Write JSON ` +
      `{"key": …, "secret": …}, lines ${names.keyVariable}=… and ${names.secretVariable}=…, ` +
      'or two lines: key, then secret.',
  );
}
