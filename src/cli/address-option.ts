import { ConfigError } from '../model/error.js';

/** What an address given as an option may begin with. */
interface AddressRule {
  readonly option: string;
  readonly protocols: readonly string[];
}

const REST: AddressRule = { option: '--rest-url', protocols: ['https:', 'http:'] };
const SOCKET: AddressRule = { option: '--url', protocols: ['wss:', 'ws:'] };

function checkAddress(text: string, rule: AddressRule): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isBare = url?.search === '' && url.hash === '' && url.username === '';
  if (url && isBare && rule.protocols.includes(url.protocol)) return text;
  const openings = rule.protocols.map((protocol) => `${protocol}//`).join(' or ');
  // The text is not repeated: an address may hold a password or a token.
  throw new ConfigError(
    'OPTION_INVALID',
    `${rule.option} must be an address that begins with ${openings} and has no query or password.`,
  );
}

/** Checks the address of a REST service; undefined stands for the venue's own. */
export function parseRestUrl(text: string | undefined): string | undefined {
  return text === undefined ? undefined : checkAddress(text, REST);
}

/** Checks the address of a WebSocket; undefined stands for the venue's own. */
export function parseSocketUrl(text: string | undefined, option = '--url'): string | undefined {
  return text === undefined ? undefined : checkAddress(text, { ...SOCKET, option });
}
