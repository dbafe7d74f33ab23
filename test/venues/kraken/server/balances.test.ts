import { describe, expect, it } from 'vitest';
import { hasSamples, readFrames, SKIP_NOTE } from '../samples.js';
import { connectFake, openScripted } from './server-harness.js';
import { issueToken } from './token-call.js';
import {
  ALL_PERMISSIONS,
  followAs,
  LIMIT_BUY,
  openTrader,
  type AccountFrame,
} from './trader-harness.js';

const LEDGER_ID = /^L[A-Z2-7]{5}-[A-Z2-7]{5}-[A-Z2-7]{6}$/;

function follow(options: object = {}) {
  const opened = openTrader();
  opened.trader.subscribe('balances', options);
  return { ...opened, frames: () => opened.trader.frames('balances') };
}

describe('balances', () => {
  it('begin with what there is, in the wallet that trades, reserved parts included', () => {
    const { trader, engine } = openTrader();
    engine.deposit('main', 'BTC', '-9.5');
    trader.call('add_order', LIMIT_BUY);
    trader.subscribe('balances');
    expect(trader.texts.at(-1)).toBe(
      '{"channel":"balances","type":"snapshot","data":[{"asset":"USD","asset_class":"currency",' +
        '"balance":1000000.0000,"wallets":[{"type":"spot","id":"main","balance":1000000.0000}]},' +
        '{"asset":"BTC","asset_class":"currency","balance":0.5000000000,' +
        '"wallets":[{"type":"spot","id":"main","balance":0.5000000000}]}],"sequence":1}',
    );
  });

  it('have two messages for each trade, which refer to it', () => {
    const { trader, engine, frames } = follow();
    trader.subscribe('executions');
    trader.call('add_order', LIMIT_BUY);
    engine.fill('O1', '0.1', '26500.4');
    const updates = frames().slice(1);
    expect(updates.map(({ sequence }) => sequence)).toEqual([2, 3]);
    const [base, quote] = updates.flatMap(({ data }) => data);
    const trade = trader.frames('executions').at(-1)?.data[0];
    const common = {
      type: 'trade',
      category: 'trade',
      asset_class: 'currency',
      wallet_type: 'spot',
      wallet_id: 'main',
      ref_id: trade?.['exec_id'],
      fee: 0,
      ledger_id: expect.stringMatching(LEDGER_ID) as string,
      timestamp: '2026-08-09T21:00:00.000000Z',
    };
    expect(base).toEqual({ ...common, asset: 'BTC', amount: 0.1, balance: 10.1 });
    expect(quote).toEqual({ ...common, asset: 'USD', amount: -2652.69004, balance: 997347.30996 });
    expect(base?.['ledger_id']).not.toBe(quote?.['ledger_id']);
    expect(trader.texts.find((text) => text.includes('"amount":0.1'))).toContain(
      '"amount":0.1000000000,"fee":0.0000000000,"balance":10.1000000000}',
    );
  });

  it('tell of a deposit', () => {
    const { engine, frames } = follow();
    engine.credit('main', 'USD', '12.5');
    engine.credit('other', 'USD', '12.5');
    expect(frames().length).toBe(2);
    expect(frames()[1]?.data).toMatchObject([
      { type: 'deposit', category: 'deposit', asset: 'USD', amount: 12.5, balance: 1000012.5 },
    ]);
  });

  it('come without a snapshot where none is wished, numbered from 1', () => {
    const { engine, frames } = follow({ snapshot: false });
    engine.credit('main', 'USD', '12.5');
    expect(frames()).toMatchObject([{ type: 'update', sequence: 1 }]);
  });

  it('have numbers that are not those of executions', () => {
    const { trader, engine, frames } = follow();
    trader.subscribe('executions');
    trader.call('add_order', LIMIT_BUY);
    engine.fill('O1', '0.1', '26500.4');
    expect(frames().at(-1)?.sequence).toBe(3);
    expect(trader.frames('executions').at(-1)?.sequence).toBe(4);
  });

  it('are empty, and orders refused, where nobody matches orders', () => {
    const { server } = openScripted({ permissions: ALL_PERMISSIONS });
    const trader = followAs(connectFake(server), issueToken(server));
    for (const channel of ['balances', 'executions']) {
      trader.subscribe(channel);
      expect(trader.frames(channel)).toEqual([
        { channel, type: 'snapshot', data: [], sequence: 1 },
      ]);
    }
    expect(trader.callOnce('add_order', LIMIT_BUY).error).toBe('EGeneral:Permission denied');
  });
});

describe.skipIf(!hasSamples)(`recorded balances${SKIP_NOTE}`, () => {
  it('have the fields of what is sent here', () => {
    const recorded = readFrames('v2-kraken-async-rs-captures-2024.jsonl')
      .map((line) => JSON.parse(line) as Partial<AccountFrame>)
      .filter(({ channel }) => channel === 'balances');
    const keysOf = (type: string, frames: readonly Partial<AccountFrame>[]) => [
      ...new Set(
        frames
          .filter((frame) => frame.type === type)
          .flatMap(({ data = [] }) => data.map((entry) => Object.keys(entry).sort().join())),
      ),
    ];
    const { trader, engine, frames } = follow();
    trader.call('add_order', LIMIT_BUY);
    engine.fill('O1', '0.1', '26500.4');
    for (const type of ['snapshot', 'update']) {
      expect(keysOf(type, recorded)).toHaveLength(1);
      expect(keysOf(type, frames())).toEqual(keysOf(type, recorded));
    }
  });
});
