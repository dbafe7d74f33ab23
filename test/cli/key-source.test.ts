import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readKeyFile } from '../../src/cli/key-file.js';
import { findCoinbaseKey, findKeyPair, KRAKEN_VARIABLES } from '../../src/cli/key-source.js';
import { createFakeCli } from '../doubles/fake-cli.js';

const pair = { key: 'KEY/+a1', secret: 'c2VjcmV0LXNlY3JldA==' };
const env = { KRAKEN_API_KEY: 'k', KRAKEN_API_SECRET: 's' };

describe('key files', () => {
  it('are still read when others may read them, with a warning', () => {
    const files = { 'k.json': 'x' };
    const open = createFakeCli({ files, modes: { 'k.json': 0o100644 } });
    expect(readKeyFile(open.io, 'k.json')).toBe('x');
    expect(open.stderr.text).toContain('mode 644');
    expect(open.stderr.text).toContain("chmod 600 'k.json'");
    const closed = createFakeCli({ files });
    readKeyFile(closed.io, 'k.json');
    expect(closed.stderr.text).toBe('');
    // Of a shell's <(…), or /dev/stdin: nobody should run chmod on a device.
    const device = createFakeCli({ files, modes: { 'k.json': 0o020666 } });
    readKeyFile(device.io, 'k.json');
    expect(device.stderr.text).toBe('');
  });
});

describe('a key file that cannot be used', () => {
  it('is named where it is UTF-16', () => {
    for (const text of ['\uFFFD\uFFFDk\0e\0y\0', '\0k\0e\0y']) {
      const { io } = createFakeCli({ files: { 'k.json': text } });
      const read = () => readKeyFile(io, 'k.json');
      expect(read).toThrow(/^The key file 'k\.json' is not UTF-8: .*UTF-16.*Save it as UTF-8/);
    }
  });

  it('is asked for where its name is empty', () => {
    for (const keyFile of ['', ' ']) {
      const find = () => findCoinbaseKey(createFakeCli().io, { keyFile });
      expect(find).toThrow(/^--key-file has no file name after it/);
    }
  });

  it('is named whatever is wrong with the secret in it', () => {
    const files = {
      json: '{"name":"organizations/o/apiKeys/k","privateKey":"S3cr3t?"}',
      bare: 'S3cr3t?',
      pair: 'KEY\nS3cr3t?',
    };
    const { io } = createFakeCli({ files });
    for (const find of [
      () => findCoinbaseKey(io, { keyFile: 'json' }),
      () => findCoinbaseKey(io, { keyFile: 'bare', keyName: 'k' }),
      () => findKeyPair(io, { keyFile: 'pair' }, KRAKEN_VARIABLES),
    ]) {
      expect(find).toThrow(/^(json|bare|pair): /);
      expect(find).not.toThrow(/S3cr3t/);
    }
  });
});

describe('where keys are looked for', () => {
  it('takes the file before the environment', () => {
    const { io } = createFakeCli({ env, files: { f: JSON.stringify(pair) } });
    const fromFile = findKeyPair(io, { keyFile: 'f' }, KRAKEN_VARIABLES);
    expect(fromFile?.key).toBe(pair.key);
    expect(fromFile?.secret.reveal()).toBe(pair.secret);
    expect(findKeyPair(io, {}, KRAKEN_VARIABLES)?.secret.reveal()).toBe('s');
  });

  it('never prints a secret that was found', () => {
    const { io } = createFakeCli({ env: { ...env, KRAKEN_API_SECRET: 'S3cr3t' } });
    const found = findKeyPair(io, {}, KRAKEN_VARIABLES);
    expect(JSON.stringify(found)).not.toContain('S3cr3t');
    expect(found?.origin).toBe('the environment (KRAKEN_API_KEY, KRAKEN_API_SECRET)');
  });

  it('names the variable that is missing beside one that is set', () => {
    const { io } = createFakeCli({ env: { KRAKEN_API_KEY: 'k' } });
    expect(() => findKeyPair(io, {}, KRAKEN_VARIABLES)).toThrow(/KRAKEN_API_SECRET is not/);
    expect(findKeyPair(createFakeCli().io, {}, KRAKEN_VARIABLES)).toBeUndefined();
  });

  it('names the file whose content is at fault, and nothing of the content', () => {
    const { io } = createFakeCli({ files: { half: '{"key":"S3cr3t"}' } });
    const find = () => findKeyPair(io, { keyFile: 'half' }, KRAKEN_VARIABLES);
    expect(find).toThrow(/^half: .*no secret/);
    expect(find).not.toThrow(/S3cr3t/);
  });

  it('asks for the name of a bare PEM', () => {
    const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ type: 'sec1', format: 'pem' })
      .toString();
    const files = { pem, other: 'hello', json: JSON.stringify({ name: 'n1', privateKey: pem }) };
    const { io } = createFakeCli({ files });
    expect(() => findCoinbaseKey(io, { keyFile: 'pem' })).toThrow(/--key-name/);
    const findOther = () => findCoinbaseKey(io, { keyFile: 'other' });
    expect(findOther).toThrow(/^other: /);
    expect(findOther).not.toThrow(/--key-name/);
    const named = findCoinbaseKey(io, { keyFile: 'pem', keyName: 'n' });
    expect(named?.key).toBe('n');
    expect(named?.secret.reveal()).toBe(pem);
    expect(findCoinbaseKey(io, { keyFile: 'json' })?.key).toBe('n1');
  });
});
