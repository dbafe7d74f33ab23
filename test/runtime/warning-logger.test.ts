import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { warningLogger } from '../../src/runtime/warning-logger.js';

describe('the logger of a program that passes none', () => {
  it('makes an error a warning of the process, with its code', async () => {
    const warned = once(process, 'warning');
    warningLogger.error('A listener threw.', {
      code: 'LISTENER_FAILED',
      error: new Error('undefined is not a function'),
    });
    const [warning] = (await warned) as [Error & { code: string; detail: string }];
    expect(warning).toMatchObject({ name: 'TruefeedWarning', code: 'LISTENER_FAILED' });
    expect(warning.message).toBe('A listener threw.');
    expect(warning.detail).toContain('undefined is not a function');
  });
});
