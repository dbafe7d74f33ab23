import { describe, expect, it } from 'vitest';
import { settle } from '../doubles/virtual-time.js';
import { createBench } from './session-bench.js';

const failure = { kind: 'tls', systemCode: 'CERT_HAS_EXPIRED', message: 'it expired' } as const;

describe('the certificate of the server', () => {
  it('does not dial again where it is not acceptable', async () => {
    const bench = createBench();
    bench.session.open();
    await settle();
    bench.dialer.last().closed({ failure });
    expect(bench.session.status).toBe('closed');
    expect(bench.heard).toEqual(['lost TLS_INVALID']);
    expect(bench.time.armedCount).toBe(0);
  });

  it('dials on, ever more slowly, where it was acceptable before', async () => {
    const bench = createBench();
    const socket = await bench.connect();
    socket.closed({ code: 1006 });
    for (const delayMs of [500, 1_000, 2_000]) {
      await bench.time.advance(delayMs);
      await settle();
      bench.dialer.last().closed({ failure });
    }
    expect(bench.news().slice(2)).toEqual([
      'lost TLS_INVALID in 1000',
      'lost TLS_INVALID in 2000',
      'lost TLS_INVALID in 4000',
    ]);
    expect(bench.session.status).toBe('waiting');
    await bench.session.close();
  });
});
