import { describe, expect, it } from 'vitest';
import {
  createKrakenVerifier,
  type KrakenServerKey,
} from '../../../../src/venues/kraken/server/sign-in.js';
import { createVirtualTime } from '../../../doubles/virtual-time.js';
import { API_KEY, API_SECRET, connectFake } from './server-harness.js';
import { issueToken } from './token-call.js';
import { ALL_PERMISSIONS, followAs, LIMIT_BUY, openTrader } from './trader-harness.js';

const OTHER_KEY = 'other-key';
const KEY: KrakenServerKey = { secret: API_SECRET, permissions: ALL_PERMISSIONS };

/** Traders with two keys of an exchange that knows these. */
function open(keys: Map<string, KrakenServerKey>) {
  const verifier = createKrakenVerifier({ keys, clock: createVirtualTime().clock });
  const { server, engine, trader } = openTrader({ verifier });
  const connect = (key: string) =>
    followAs(connectFake(server, { path: '/auth/v2' }), issueToken(server, key));
  return { engine, own: trader, other: connect(OTHER_KEY) };
}

describe('keys and accounts', () => {
  it('of one account see the same orders', () => {
    const one = { ...KEY, account: 'alice' };
    const { own, other, engine } = open(
      new Map([
        [API_KEY, one],
        [OTHER_KEY, one],
      ]),
    );
    other.subscribe('executions');
    own.call('add_order', { ...LIMIT_BUY, cl_ord_id: 'mine' });
    expect(other.frames('executions').length).toBe(3);
    expect(other.callOnce('cancel_order', { cl_ord_id: ['mine'] }).success).toBe(true);
    expect(engine.findOrder('alice', { clientOrderId: 'mine' })).toMatchObject({
      status: 'canceled',
    });
  });

  it('are each an account of its own where nothing is said', () => {
    const { own, other, engine } = open(
      new Map([
        [API_KEY, KEY],
        [OTHER_KEY, KEY],
      ]),
    );
    other.subscribe('executions');
    own.call('add_order', { ...LIMIT_BUY, cl_ord_id: 'mine' });
    expect(other.frames('executions').length).toBe(1);
    expect(engine.openOrders(API_KEY).length).toBe(1);
    const reply = other.callOnce('cancel_order', { cl_ord_id: ['mine'] });
    expect(reply.error).toBe('EOrder:Unknown order');
  });

  it('may no more trade once the key is withdrawn, whatever its token', () => {
    const keys = new Map([
      [API_KEY, KEY],
      [OTHER_KEY, KEY],
    ]);
    const { own, other } = open(keys);
    keys.delete(API_KEY);
    expect(own.callOnce('add_order', LIMIT_BUY).error).toBe('EGeneral:Permission denied');
    expect(other.callOnce('add_order', LIMIT_BUY).success).toBe(true);
    keys.set(OTHER_KEY, { ...KEY, permissions: ['websocket-token'] });
    expect(other.callOnce('cancel_all').error).toBe('EGeneral:Permission denied');
  });
});
