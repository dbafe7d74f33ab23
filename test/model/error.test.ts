import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../src/model/error.js';

describe('an error as JSON', () => {
  it('says what it says, and nothing of its cause', () => {
    const cause = new Error('S3cr3t');
    const error = new ConnectionError('DIAL_FAILED', 'Nobody answers.', { cause, facts: { n: 1 } });
    expect(JSON.parse(JSON.stringify({ error }))).toEqual({
      error: {
        name: 'ConnectionError',
        code: 'DIAL_FAILED',
        message: 'Nobody answers.',
        retryable: true,
        facts: { n: 1 },
      },
    });
  });
});
