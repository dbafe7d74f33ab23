import { describe, expect, it } from 'vitest';
import { chooseCoinbaseEndpoints } from '../../src/cli/venue-table.js';

const market = 'ws://127.0.0.1:1/';
const user = 'ws://127.0.0.1:2/user';

describe('addresses in place of the venue', () => {
  it('are one for both hosts, unless the private one is named', () => {
    expect(chooseCoinbaseEndpoints({})).toEqual({});
    expect(chooseCoinbaseEndpoints({ url: market })).toEqual({ market, user: market });
    expect(chooseCoinbaseEndpoints({ url: market, userUrl: user })).toEqual({ market, user });
    expect(chooseCoinbaseEndpoints({ userUrl: user })).toEqual({ user });
  });

  it('are refused without being repeated, since they may hold a password', () => {
    const choose = () => chooseCoinbaseEndpoints({ url: 'ws://me:S3cr3t@host/' });
    expect(choose).toThrow(/--url must be/);
    expect(choose).not.toThrow(/S3cr3t/);
  });
});
