import { describe, expect, it } from 'vitest';
import { TruefeedError } from '../../src/model/error.js';
import { explainRefusal } from '../../src/runtime/skew-words.js';

describe('a refused sign-in', () => {
  it('is explained by the clock where that is off', () => {
    const refused = new TruefeedError('AUTH_REFUSED', 'No.', { facts: { venue: 'x' } });
    const explained = explainRefusal(refused, -3_400);
    expect(explained).toMatchObject({ code: 'AUTH_CLOCK_SKEWED', cause: refused });
    expect(explained.message).toContain('3.4 s fast');
    expect(explainRefusal(refused, 3_400).message).toContain('3.4 s slow');
    expect(explainRefusal(refused, 100)).toBe(refused);
    expect(explainRefusal(refused, undefined)).toBe(refused);
  });
});
