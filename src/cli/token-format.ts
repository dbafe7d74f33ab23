/** How a credential is printed: for `eval`, alone, or for a program. */
export const TOKEN_FORMATS = ['export', 'raw', 'json'] as const;
export type TokenFormat = (typeof TOKEN_FORMATS)[number];

/** A credential with its facts; `fields` come first in JSON. */
export interface PrintedToken {
  /** The variable that `export` sets. */
  readonly variable: string;
  /** The field that holds it in JSON. */
  readonly field: string;
  readonly value: string;
  readonly facts: Readonly<Record<string, string | number | undefined>>;
}

/** Single quotes keep a POSIX shell from reading anything into the text. */
export function quoteForShell(text: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

export function formatToken(token: PrintedToken, format: TokenFormat): string {
  switch (format) {
    case 'export':
      return `export ${token.variable}=${quoteForShell(token.value)}\n`;
    case 'raw':
      return `${token.value}\n`;
    case 'json':
      return `${JSON.stringify({ [token.field]: token.value, ...token.facts })}\n`;
  }
}

function formatCurlOption([name, value]: readonly [string, string]): string {
  return `-H ${quoteForShell(`${name}: ${value}`)}`;
}

/** How upgrade headers are printed. */
export const HEADER_FORMATS = ['headers', 'json', 'curl'] as const;
export type HeaderFormat = (typeof HEADER_FORMATS)[number];

export function formatHeaders(
  headers: Readonly<Record<string, string>>,
  format: HeaderFormat,
): string {
  const entries = Object.entries(headers);
  switch (format) {
    case 'headers':
      return entries.map(([name, value]) => `${name}: ${value}\n`).join('');
    case 'json':
      return `${JSON.stringify(headers)}\n`;
    case 'curl':
      return `${entries.map(formatCurlOption).join(' ')}\n`;
  }
}
