import { describe, expect, it } from 'vitest';
import type { SocketClose, SocketFailure } from '../../src/model/socket.js';
import { describeEnd } from '../../src/session/close-error.js';

function describeFailure(failure: SocketFailure | undefined, more: Partial<SocketClose> = {}) {
  return describeEnd({
    url: 'wss://user:hunter2@feed.test/?token=hunter2',
    wasOpen: true,
    signedUpgrade: false,
    close: { code: 1006, reason: '', failure, ...more },
    secrets: ['hunter2'],
  });
}

const network = { kind: 'network', systemCode: 'ECONNRESET', message: 'cut' } as const;
const tls = { kind: 'tls', systemCode: 'CERT_HAS_EXPIRED', message: 'expired' } as const;
const foreign = { kind: 'protocol', systemCode: 'HPE_X', message: 'it is not HTTP' } as const;

describe('the end of a socket', () => {
  it.each([
    [undefined, 'CONNECTION_CLOSED', true],
    [network, 'CONNECTION_CLOSED', true],
    [tls, 'TLS_INVALID', false],
    [foreign, 'CONNECTION_CLOSED', true],
    [{ kind: 'http-status', status: 502, body: 'hunter2' } as const, 'DIAL_REFUSED', true],
    [{ kind: 'frame-too-big', limitBytes: 5 } as const, 'FRAME_TOO_BIG', false],
    [{ kind: 'frame-invalid', message: 'WS_ERR' } as const, 'FRAME_INVALID', false],
    [{ kind: 'timeout' } as const, 'TIMED_OUT', true],
  ] as const)('%o becomes %s', (failure, code, retryable) => {
    const error = describeFailure(failure);
    expect(error).toMatchObject({ code, retryable });
    expect(error.message).toMatch(/\.$/);
    expect(error.message).toContain('feed.test');
    expect(JSON.stringify([error.message, error.facts])).not.toContain('hunter2');
  });

  it('is a failed dial where it never was open', () => {
    for (const failure of [undefined, network, foreign]) {
      const close = { code: 1006, reason: '', failure };
      const url = 'wss://feed.test/';
      const parts = { url, wasOpen: false, signedUpgrade: false, close, secrets: [] };
      expect(describeEnd(parts).code).toBe('DIAL_FAILED');
    }
  });

  it('quotes the reason on one line, bounded and without secrets', () => {
    const reason = `see\nhunter2 ${'x'.repeat(500)}`;
    const error = describeFailure(undefined, { code: 4_000, reason });
    expect(error.facts['reason']).toMatch(/^see \[secret\] x+$/);
    expect(error.message.length).toBeLessThan(400);
  });

  it.each([301, 403, 429, 500])('after HTTP %i says what to do about it', (status) => {
    const error = describeFailure({ kind: 'http-status', status, body: '' });
    expect(error.message).toMatch(/HTTP \d+\. [A-Z].*\.$/);
    expect(error.facts['httpStatus']).toBe(status);
  });
});
