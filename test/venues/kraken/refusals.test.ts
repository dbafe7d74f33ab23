import { describe, expect, it } from 'vitest';
import { ERROR_RULES } from '../../../src/model/error.js';
import { KRAKEN_ERRORS } from '../../../src/venues/kraken/errors.js';
import {
  explainRefusal,
  findRefusedSymbol,
  REFUSAL_RULES,
} from '../../../src/venues/kraken/refusals.js';

describe('the words of a refusal', () => {
  it.each([
    ['Currency pair not supported XBT/USD', 'SYMBOL_UNKNOWN'],
    ['Currency pair not in ISO 4217-A3 format', 'SYMBOL_UNKNOWN'],
    ['Already subscribed', 'SUBSCRIPTION_HELD'],
    ["Unsupported field: 'params' for the given msg type: ping", 'VENUE_REFUSED'],
    ['Unsupported event', 'VENUE_REFUSED'],
    ['Cash_order_qty field must be a number_float', 'VENUE_REFUSED'],
    ['ESession:Invalid session', 'AUTH_SESSION_INVALID'],
    ['EGeneral:Permission denied', 'AUTH_PERMISSION_DENIED'],
    ['EAPI:Invalid nonce', 'AUTH_NONCE_REFUSED'],
    ['EService: Throttled: 1616492376', 'RATE_LIMITED'],
    ['EService:Market in post_only mode', 'VENUE_UNAVAILABLE'],
    ['EOrder:Rate limit exceeded', 'RATE_LIMITED'],
    ['EOrder:Insufficient funds', 'VENUE_REFUSED'],
    ['EOrder:Some words of tomorrow', 'VENUE_REFUSED'],
    ['  Exceeded msg rate ', 'RATE_LIMITED'],
    ['', 'VENUE_REFUSED'],
  ])('%s is %s', (text, code) => {
    expect(explainRefusal(text)).toMatchObject({ code });
  });

  it('are explained in a sentence, each by its own row', () => {
    for (const { text, code } of [...REFUSAL_RULES, ...KRAKEN_ERRORS]) {
      const rule = explainRefusal(`${text} and more`);
      expect(rule.code, text).toBe(code);
      expect(rule.likelyCause, text).toMatch(/^[A-Z].*\.$/);
      expect(Object.keys(ERROR_RULES)).toContain(rule.code);
    }
  });

  it('have no row that an earlier one hides, and none twice', () => {
    const texts = REFUSAL_RULES.map(({ text }) => text);
    texts.forEach((text, index) => {
      const hiding = texts.slice(0, index).find((earlier) => text.startsWith(earlier));
      expect(hiding, text).toBeUndefined();
    });
  });

  it('name a symbol in the text where there is no field for it', () => {
    expect(findRefusedSymbol('Currency pair not supported WWW/USD')).toBe('WWW/USD');
    expect(findRefusedSymbol('Currency pair not supported')).toBeUndefined();
    expect(findRefusedSymbol('Already subscribed')).toBeUndefined();
  });
});
