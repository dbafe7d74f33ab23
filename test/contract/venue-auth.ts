import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConnectionError, KeyError } from '../../src/model/error.js';
import type { AuthTools } from '../../src/model/venue.js';
import { createSeededRandom } from '../doubles/seeded-random.js';
import { createVirtualTime } from '../doubles/virtual-time.js';
import type { VenueSubject } from './venue.js';

function createTools(): AuthTools {
  const time = createVirtualTime();
  return {
    clock: time.clock,
    timers: time.timers,
    random: createSeededRandom(1),
    http: () =>
      Promise.reject(new ConnectionError('HTTP_FAILED', 'There is no network in this test.')),
  };
}

/** Everything that printing a value may show. */
function showAll(value: unknown): string {
  const shown = [inspect(value, { depth: null, showHidden: true, getters: true })];
  shown.push(JSON.stringify(value) ?? '', String(value));
  if (value instanceof Error) shown.push(value.stack ?? '', showAll(value.cause ?? ''));
  return shown.join('\n');
}

/** Signing in: usable credentials make a strategy, others a KeyError, and neither leaks. */
export function describeAuthContract({ createVenue, fixtures }: VenueSubject): void {
  describe('auth', () => {
    it('makes a strategy that shows nothing of its secrets', () => {
      const { credentials, secrets } = fixtures.makeCredentials();
      expect(secrets.length).toBeGreaterThan(0);
      const strategy = createVenue().createAuth(credentials, createTools());
      expect(['signed-upgrade', 'ticket', 'per-message']).toContain(strategy.family);
      const shown = showAll(strategy);
      for (const secret of secrets) expect(shown).not.toContain(secret);
    });

    it.each(fixtures.badCredentials)('refuses $name with a KeyError', (bad) => {
      let refusal: unknown;
      try {
        createVenue().createAuth(bad.credentials, createTools());
      } catch (error) {
        refusal = error;
      }
      expect(refusal).toBeInstanceOf(KeyError);
      const shown = showAll(refusal);
      for (const secret of bad.secrets) expect(shown).not.toContain(secret);
    });
  });
}
