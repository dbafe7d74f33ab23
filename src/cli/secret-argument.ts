import { ConfigError } from '../model/error.js';

/** Options that people try and that would put a secret where everyone on the machine sees it. */
const SECRET_OPTION =
  /^--?(api-?)?(key|secret|private-?key|key-?secret|token|jwt|passphrase|password|pem)(=|$)/i;
const KEY_MATERIAL = /-----BEGIN|PRIVATE KEY|"privateKey"/;
/** What keys, secrets and tokens decode to: 32 bytes or 64. */
const KEY_BYTES = [32, 64];
const BASE64_TEXT = /^[A-Za-z0-9+/_-]{42,90}={0,2}$/;

/** Whether a word, or what follows its `=`, could be a key in base64: better refused than shown. */
function isBareKey(argument: string): boolean {
  const word = argument.replace(/^--?[a-z-]+=/i, '').trim();
  if (!BASE64_TEXT.test(word) || !/[a-z]/.test(word) || !/[A-Z0-9]/.test(word)) return false;
  return KEY_BYTES.includes(Buffer.from(word, 'base64').length);
}

/**
 * Refuses a key given as an argument, whatever the command: arguments are public on the machine (a
 * process listing shows them) and stay in the shell's history. The value is never repeated.
 */
export function refuseSecretArguments(args: readonly string[]): void {
  const option = args.find((argument) => SECRET_OPTION.test(argument));
  if (option !== undefined) throw refusal(`${option.split('=')[0]} is not an option on purpose: `);
  if (args.some((argument) => KEY_MATERIAL.test(argument) || isBareKey(argument))) {
    throw refusal('');
  }
}

function refusal(opening: string): ConfigError {
  const reason = 'an argument can be read by everyone on this machine in the process listing, ';
  const sentence = `${opening}${opening ? reason : reason.replace(/^a/, 'A')}`;
  return new ConfigError(
    'OPTION_INVALID',
    `${sentence}so keys are read from a file (--key-file) or from the environment only. ` +
      'If this key is real, replace it: it is in your shell history now.',
  );
}
