const STANDARD = /^[A-Za-z0-9+/]*={0,2}$/;
const URL_SAFE = /^[A-Za-z0-9_-]*={0,2}$/;

/**
 * Decodes base64 or base64url, padded or not; undefined for anything that no encoder would have
 * written (`Buffer.from` alone skips what it does not know, and would so accept a damaged key).
 */
export function decodeBase64(text: string): Buffer | undefined {
  const encoding = STANDARD.test(text) ? 'base64' : URL_SAFE.test(text) ? 'base64url' : undefined;
  if (!encoding) return undefined;
  const digits = text.replace(/=+$/, '');
  const padding = text.length - digits.length;
  if (padding > 0 && text.length % 4 !== 0) return undefined;
  const bytes = Buffer.from(digits, encoding);
  return bytes.toString(encoding).replace(/=+$/, '') === digits ? bytes : undefined;
}

/** Whether the text has only characters of base64, decodable or not. */
export function looksLikeBase64(text: string): boolean {
  return text !== '' && (STANDARD.test(text) || URL_SAFE.test(text));
}
