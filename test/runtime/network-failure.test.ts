import { describe, expect, it } from 'vitest';
import { explainNetworkError } from '../../src/runtime/network-failure.js';

function explain(code: string) {
  return explainNetworkError(Object.assign(new Error('GET /?token=hunter2'), { code }));
}

describe('a failed connection', () => {
  it.each([
    ['ECONNREFUSED', 'network', 'nothing listens at that address'],
    ['EWHATEVER', 'network', 'the system reports EWHATEVER'],
    ['CERT_HAS_EXPIRED', 'tls', 'the certificate has expired'],
    ['HPE_INVALID_CONSTANT', 'protocol', 'what came is not HTTP (HPE_INVALID_CONSTANT)'],
    ['HPE_INVALID_VERSION', 'protocol', 'one of TLS (https:, wss:)'],
    ['HPE_INVALID_CONTENT_LENGTH', 'protocol', 'its HTTP is not as it should be'],
    ['HPE_HEADER_OVERFLOW', 'protocol', 'its HTTP is not as it should be'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'protocol', 'may want a certificate'],
    ['EPROTO', 'protocol', 'what came is not TLS as it should be (EPROTO)'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'protocol', 'one without TLS (http:, ws:)'],
  ])('with %s is of the kind %s', (code, kind, words) => {
    const failure = explain(code);
    expect(failure).toMatchObject({ kind, systemCode: code });
    expect(failure.message).toContain(words);
    expect(failure.message).not.toContain('hunter2');
  });
});
