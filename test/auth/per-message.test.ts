import { describe, expect, it } from 'vitest';
import { perMessage } from '../../src/auth/per-message.js';
import { createContext } from './auth-context.js';
import { catchRejection } from './secret-leak.js';

describe('signing in with each message', () => {
  it('makes a credential for each message and leaves the message given alone', () => {
    let made = 0;
    const strategy = perMessage({
      mint: () => `credential ${++made}`,
      place: (message, credential) => ({ ...message, credential }),
    });
    const message = { type: 'subscribe' };
    expect(strategy.decorate?.(message, createContext())).toEqual({
      type: 'subscribe',
      credential: 'credential 1',
    });
    expect(strategy.decorate?.(message, createContext())).toMatchObject({
      credential: 'credential 2',
    });
    expect(message).toEqual({ type: 'subscribe' });
  });

  it('has no hook for the dial, so that the socket opens anonymously', () => {
    const strategy = perMessage({ mint: () => '', place: (message) => message });
    expect(Object.keys(strategy)).not.toContain('prepareDial');
    expect(strategy.family).toBe('per-message');
  });

  it('fails with the credential', async () => {
    const strategy = perMessage({
      mint: () => Promise.reject(new Error('no signer')),
      place: (message) => message,
    });
    const error = await catchRejection(Promise.resolve(strategy.decorate?.({}, createContext())));
    expect(error).toMatchObject({ message: 'no signer' });
  });

  it('takes the reaction of the venue where it has one of its own', () => {
    const strategy = perMessage({
      mint: () => '',
      place: (message) => message,
      classify: () => 'fatal',
    });
    expect(strategy.classify({} as never)).toBe('fatal');
  });
});
