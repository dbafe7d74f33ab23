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
});
