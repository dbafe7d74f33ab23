import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../src/model/error.js';
import { Secret } from '../../src/model/secret.js';
import { silentLogger } from '../../src/runtime/silent-logger.js';
import { createStreamLogger } from '../../src/runtime/stream-logger.js';
import { createVirtualTime } from '../doubles/virtual-time.js';

function setUp() {
  const lines: string[] = [];
  const { clock } = createVirtualTime(Date.UTC(2026, 7, 9));
  return { lines, logger: createStreamLogger((line) => void lines.push(line), clock) };
}

describe('the stream logger', () => {
  it('writes one JSON object a line, with level, time, message and facts', () => {
    const { lines, logger } = setUp();
    logger.debug('a');
    logger.info('b', { count: 1 });
    logger.warn('c');
    logger.error('d');
    expect(lines.every((line) => line.endsWith('}\n'))).toBe(true);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { level: 'debug', at: '2026-08-09T00:00:00.000Z', message: 'a' },
      { level: 'info', at: '2026-08-09T00:00:00.000Z', message: 'b', facts: { count: 1 } },
      { level: 'warn', at: '2026-08-09T00:00:00.000Z', message: 'c' },
      { level: 'error', at: '2026-08-09T00:00:00.000Z', message: 'd' },
    ]);
  });

  it('masks secrets wherever they hide', () => {
    const { lines, logger } = setUp();
    const cause = new Error('cause with ?signature=hunter2');
    logger.error('failed on wss://a.test/?token=hunter2', {
      key: new Secret('hunter2'),
      apiSecret: 'hunter2',
      headers: { Authorization: 'hunter2', list: [{ jwt: 'hunter2' }] },
      error: new ConnectionError('DIAL_FAILED', 'see ?token=hunter2', { cause }),
      bytes: Buffer.from('hunter2'),
    });
    expect(lines[0]).not.toContain('hunter2');
    expect(lines[0]).not.toContain(Buffer.from('hunter2').toString('base64'));
    expect(lines[0]).toContain('DIAL_FAILED');
    expect(lines[0]).toContain('cause with');
  });

  it('writes anything at all, bounded', () => {
    const { lines, logger } = setUp();
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const trap = {
      get field(): string {
        throw new Error('trap');
      },
    };
    logger.info('odd', {
      circle,
      trap,
      big: 1n,
      none: undefined,
      nothing: null,
      notNumber: NaN,
      run: () => 1,
      symbol: Symbol('s'),
      long: 'x'.repeat(100_000),
      many: Array.from({ length: 10_000 }, (_, index) => index),
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]!.length).toBeLessThan(10_000);
  });

  it('does not throw when the line cannot be written', () => {
    const logger = createStreamLogger(() => {
      throw new Error('disk full');
    });
    expect(() => logger.error('x')).not.toThrow();
    expect(() => silentLogger.error('x')).not.toThrow();
  });
});
