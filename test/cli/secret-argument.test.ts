import { describe, expect, it } from 'vitest';
import { refuseSecretArguments } from '../../src/cli/secret-argument.js';

describe('secrets in arguments', () => {
  it.each([
    ['--key', 'S3cr3t'],
    ['--secret=S3cr3t'],
    ['--private-key', 'S3cr3t'],
    ['--api-key=S3cr3t'],
    ['--api-secret', 'S3cr3t'],
    ['--key-secret=S3cr3t'],
    ['--PrivateKey=S3cr3t'],
    ['-----BEGIN EC PRIVATE KEY-----S3cr3t'],
    ['--key-file', '{"name":"n","privateKey":"S3cr3t"}'],
  ])('are refused with the reason and never repeated: %s', (...args) => {
    let message = '';
    try {
      refuseSecretArguments(['jwt', ...args]);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain('process listing');
    expect(message).toContain('--key-file');
    expect(message).not.toContain('S3cr3t');
  });

  it('leaves ordinary options alone', () => {
    const args = ['--key-file', 'a.json', '--key-name=organizations/o/apiKeys/k', '--key-type'];
    expect(() => refuseSecretArguments(['jwt', ...args])).not.toThrow();
  });

  it('refuses a bare key in base64, wherever it stands, and passes ordinary words', () => {
    const seed = Buffer.alloc(32, 'kQ7').toString('base64');
    const pair = Buffer.alloc(64, 'kQ7').toString('base64');
    for (const args of [
      ['jwt', '--key-file', seed],
      [pair],
      ['stream', pair.replace(/=+$/, '')],
      ['jwt', `--format=${seed}`],
    ]) {
      expect(() => refuseSecretArguments(args)).toThrow(/process listing/);
    }
    const path = '/home/somebody/keys/of/mine/cdp_api_key/production/key.json';
    expect(() => refuseSecretArguments(['jwt', '--key-file', path, 'BTC-USD'])).not.toThrow();
  });
});
