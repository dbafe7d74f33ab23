import { describe, expect, it } from 'vitest';
import { formatHeaders, formatToken, quoteForShell } from '../../src/cli/token-format.js';

const token = { variable: 'JWT', field: 'jwt', value: 'a.b-_c', facts: { expiresAtMs: 5 } };

describe('printed credentials', () => {
  it('are for eval, alone, or JSON', () => {
    expect(formatToken(token, 'export')).toBe('export JWT=a.b-_c\n');
    expect(formatToken(token, 'raw')).toBe('a.b-_c\n');
    expect(formatToken(token, 'json')).toBe('{"jwt":"a.b-_c","expiresAtMs":5}\n');
  });

  it('cannot break out of the shell word', () => {
    expect(quoteForShell('a b')).toBe("'a b'");
    expect(quoteForShell("a'$(id)")).toBe("'a'\\''$(id)'");
    expect(quoteForShell('')).toBe("''");
  });

  it('are headers, JSON or arguments of curl', () => {
    const headers = { 'x-a': '1', 'x-b': 'two words' };
    expect(formatHeaders(headers, 'headers')).toBe('x-a: 1\nx-b: two words\n');
    expect(JSON.parse(formatHeaders(headers, 'json'))).toEqual(headers);
    expect(formatHeaders(headers, 'curl')).toBe("-H 'x-a: 1' -H 'x-b: two words'\n");
  });
});
