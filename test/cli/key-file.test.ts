import { describe, expect, it } from 'vitest';
import { parseKeyPairFile, readKeyFile } from '../../src/cli/key-file.js';
import { findCoinbaseKey, findKeyPair, KRAKEN_NAMES } from '../../src/cli/key-source.js';
import { createFakeCli } from '../doubles/fake-cli.js';

const pair = { key: 'KEY/+a1', secret: 'c2VjcmV0LXNlY3JldA==' };

describe('files that hold a key and a secret', () => {
  it.each([
    ['JSON', JSON.stringify(pair)],
    ['JSON by other names', JSON.stringify({ apiKey: pair.key, apiSecret: pair.secret })],
    ['assignments', `# mine\nKRAKEN_API_KEY=${pair.key}\nKRAKEN_API_SECRET="${pair.secret}"\n`],
    ['exports', `export KRAKEN_API_KEY='${pair.key}'\nexport KRAKEN_API_SECRET=${pair.secret}\n`],
    ['two lines', `${pair.key}\r\n${pair.secret}\r\n`],
    ['a byte order mark', `\uFEFF${JSON.stringify(pair)}`],
  ])('are read as %s', (_name, text) => {
    expect(parseKeyPairFile(text, 'f', KRAKEN_NAMES)).toEqual(pair);
  });

  it.each([
    ['half a pair', '{"key":"S3cr3t"}', /the secret is missing/],
    ['broken JSON', '{"key":"S3cr3t"', /starts like JSON but is none/],
    ['nothing', '', /the key and the secret is missing/],
  ])('are refused with %s, without their content', (_name, text, reason) => {
    expect(() => parseKeyPairFile(text, 'f', KRAKEN_NAMES)).toThrow(reason);
    expect(() => parseKeyPairFile(text, 'f', KRAKEN_NAMES)).not.toThrow(/S3cr3t/);
  });

  it('are still read when others may read them, with a warning', () => {
    const files = { 'k.json': 'x' };
    const open = createFakeCli({ files, modes: { 'k.json': 0o100644 } });
    expect(readKeyFile(open.io, 'k.json')).toBe('x');
    expect(open.stderr.text).toContain('mode 644');
    expect(open.stderr.text).toContain("chmod 600 'k.json'");
    const closed = createFakeCli({ files });
    readKeyFile(closed.io, 'k.json');
    expect(closed.stderr.text).toBe('');
  });
});

describe('where keys are looked for', () => {
  const env = { KRAKEN_API_KEY: 'k', KRAKEN_API_SECRET: 's' };

  it('takes the file before the environment', () => {
    const { io } = createFakeCli({ env, files: { f: JSON.stringify(pair) } });
    expect(findKeyPair(io, { keyFile: 'f' }, KRAKEN_NAMES)?.key).toEqual(pair);
    expect(findKeyPair(io, {}, KRAKEN_NAMES)?.key).toEqual({ key: 'k', secret: 's' });
  });

  it('names the variable that is missing beside one that is set', () => {
    const { io } = createFakeCli({ env: { KRAKEN_API_KEY: 'k' } });
    expect(() => findKeyPair(io, {}, KRAKEN_NAMES)).toThrow(/KRAKEN_API_SECRET is not/);
    expect(findKeyPair(createFakeCli().io, {}, KRAKEN_NAMES)).toBeUndefined();
  });

  it('asks for the name of a bare PEM', () => {
    const parse = () => ({ keyName: 'from-file', privateKey: 'p' });
    const { io } = createFakeCli({ files: { pem: '-----BEGIN', json: ' {"name":1}' } });
    expect(() => findCoinbaseKey(io, { keyFile: 'pem' }, parse)).toThrow(/--key-name/);
    const named = findCoinbaseKey(io, { keyFile: 'pem', keyName: 'n' }, parse);
    expect(named?.key).toEqual({ key: 'n', secret: '-----BEGIN' });
    expect(findCoinbaseKey(io, { keyFile: 'json' }, parse)?.key.key).toBe('from-file');
  });
});
