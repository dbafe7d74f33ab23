import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/cli/program.js';
import { systemRuntime } from '../../src/runtime/system-runtime.js';
import { simulate, type Simulator } from '../../src/simulator/index.js';
import { createFakeCli } from '../doubles/fake-cli.js';

type Exchanges = Simulator<{ kraken: object; cloud9trader: object }>;

let stateDirectory = '';
let exchanges: Exchanges;
beforeAll(async () => {
  stateDirectory = mkdtempSync(join(tmpdir(), 'truefeed-order-'));
  exchanges = await simulate({ venues: { kraken: {}, cloud9trader: {} } });
});
afterAll(async () => {
  await exchanges.close();
  rmSync(stateDirectory, { recursive: true });
});

/** Runs `truefeed order …` against the exchanges of this test; `answer` is pressed when asked. */
async function order(args: readonly string[], answer?: string) {
  const { kraken, cloud9trader } = exchanges.venues;
  const fake = createFakeCli({
    runtime: systemRuntime(),
    env: {
      TRUEFEED_STATE_DIR: stateDirectory,
      KRAKEN_API_KEY: kraken.key,
      KRAKEN_API_SECRET: kraken.secret,
      CLOUD9TRADER_KEY: cloud9trader.key,
      CLOUD9TRADER_SECRET: cloud9trader.secret,
    },
  });
  fake.stderr.isTty = answer !== undefined;
  const asks = answer !== undefined && !args.includes('--yes');
  const urls = args.includes('cloud9trader')
    ? ['--url', cloud9trader.wsUrl]
    : ['--url', kraken.wsUrl, '--user-url', kraken.wsAuthUrl, '--rest-url', kraken.restUrl];
  const running = runCli(['order', ...args, ...urls], fake.io);
  if (asks) {
    await vi.waitFor(() => expect(fake.stderr.text).toContain('Press y'));
    fake.press(answer);
  }
  const exitCode = await running;
  const lines = fake.stdout.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { exitCode, lines, stderr: fake.stderr.text };
}

const openOrders = () => exchanges.venues.kraken.control.trading!.market.openOrders('demo');
const BUY = ['add', 'kraken', 'BTC/USD', 'buy', '0.01', '--price', '20000.0'];

describe('truefeed order', () => {
  it('has an order checked by the venue, and does nothing, unless it is meant', async () => {
    const { exitCode, lines, stderr } = await order(BUY);
    expect(stderr).toBe(
      'truefeed: only checked by the venue; nothing was placed. --live does it.\n',
    );
    expect(lines).toMatchObject([{ kind: 'acknowledged', command: 'add', means: 'checked' }]);
    expect(exitCode).toBe(0);
    expect(openOrders()).toEqual([]);
  });

  it('places, amends and cancels with --live, one JSON line each', async () => {
    const added = await order([...BUY, '--live', '--post-only']);
    expect(added).toMatchObject({ exitCode: 0, lines: [{ kind: 'acknowledged' }] });
    const target = ['--order-id', String(added.lines[0]?.['orderId'])];
    expect(openOrders()).toMatchObject([{ size: '0.01', limitPrice: '20000', postOnly: true }]);
    const amended = await order(['amend', 'kraken', ...target, '--size', '0.02', '--live']);
    expect(amended.exitCode, amended.stderr).toBe(0);
    expect(openOrders()).toMatchObject([{ size: '0.02' }]);
    expect((await order(['cancel', 'kraken', ...target, '--live'])).exitCode).toBe(0);
    expect(openOrders()).toEqual([]);
    const again = await order(['cancel', 'kraken', ...target, '--live']);
    expect(again).toMatchObject({
      exitCode: 1,
      lines: [{ kind: 'refused', error: { code: 'VENUE_REFUSED' } }],
    });
  });

  it('asks on a terminal, and takes nothing but y for a yes', async () => {
    const no = await order([...BUY, '--live'], 'n');
    expect(no).toMatchObject({ exitCode: 2, lines: [] });
    expect(no.stderr).toContain('buy 0.01 BTC/USD at 20000.0 (limit) at kraken. Press y');
    expect(openOrders()).toEqual([]);
    expect(await order([...BUY, '--live'], 'y')).toMatchObject({ exitCode: 0 });
    expect(openOrders()).toHaveLength(1);
    expect(await order(['cancel-all', 'kraken', '--live', '--yes'], 'n')).toMatchObject({
      exitCode: 0,
      lines: [{ count: 1 }],
    });
    expect(await order(['after', 'kraken', '60', '--live'])).toMatchObject({ exitCode: 0 });
    expect(await order(['after', 'kraken', '0', '--live'])).toMatchObject({ exitCode: 0 });
  });

  it.each([
    [['cancel-all', 'kraken'], 0, 'nothing was sent. With --live: cancel every open order'],
    [['add', 'coinbase', 'BTC-USD', 'buy', '1'], 2, 'Coinbase Advanced Trade takes no orders'],
    [['add', 'kraken', 'BTC/USD', 'long', '1'], 2, 'The side must be one of buy, sell'],
    [['cancel', 'kraken', '--live'], 2, 'Name the order by --order-id or by --client-id'],
    [['after', 'kraken', '1.5', '--live'], 2, 'The time must be a whole number'],
    [[...BUY, '--live', '--validate'], 2, 'Choose one of --live and --validate'],
    // What could not be said with --live either is not promised for it.
    [['cancel-all', 'cloud9trader'], 2, 'no way to cancel-all'],
    [['amend', 'kraken', '--client-id', 'mine'], 2, 'Nothing is to be changed'],
    [['cancel', 'kraken', '--order-id', ''], 2, 'named by its orderId or its clientOrderId'],
  ])('%j ends with %i and says: %s', async (args, exitCode, sentence) => {
    const ended = await order(args);
    expect(ended.stderr).toContain(sentence);
    expect(ended.exitCode).toBe(exitCode);
  });

  it('says why there is no connection, while it waits for one', async () => {
    const { control } = exchanges.venues.kraken;
    control.addFault({ fault: 'refuse-upgrade', status: 503 });
    const waiting = order(BUY);
    await control.until('a refusal', () => control.requests.some(({ status }) => status === 503));
    control.clearFaults();
    const waited = await waiting;
    expect(waited.stderr).toContain('HTTP 503');
    expect(waited.exitCode).toBe(0);
  });

  it('says whose protocol the other end does not speak', async () => {
    const { kraken, cloud9trader } = exchanges.venues;
    const { key, secret, restUrl } = kraken;
    const fake = createFakeCli({
      runtime: systemRuntime(),
      env: {
        TRUEFEED_STATE_DIR: stateDirectory,
        KRAKEN_API_KEY: key,
        KRAKEN_API_SECRET: secret,
      },
    });
    const urls = ['--url', cloud9trader.wsUrl, '--rest-url', restUrl];
    const running = runCli(['order', ...BUY, ...urls], fake.io);
    const said = `${cloud9trader.wsUrl} is not of the protocol of the venue kraken`;
    await vi.waitFor(() => expect(fake.stderr.text).toContain(said), { timeout: 5_000 });
    fake.signal('SIGINT');
    expect(await running).toBe(130);
    expect(fake.stderr.text.split(said)).toHaveLength(2);
  });

  it('explains a client order id that is used a second time', async () => {
    const mine = [...BUY, '--client-id', 'twice', '--live'];
    expect((await order(mine)).exitCode).toBe(0);
    const { exitCode, lines } = await order(mine);
    expect(JSON.stringify(lines)).toContain('An open order has this client order id already');
    expect(exitCode).toBe(1);
    expect((await order(['cancel', 'kraken', '--client-id', 'twice', '--live'])).exitCode).toBe(0);
  });

  it('refuses here what the venue would refuse for its steps', async () => {
    const { exitCode, lines } = await order([...BUY.slice(0, 5), '--price', '20000.05']);
    expect(lines).toMatchObject([{ kind: 'refused', wasSent: false }]);
    expect(exitCode).toBe(2);
  });

  it('says of Cloud9Trader that forwarded is not accepted', async () => {
    const symbol = exchanges.venues.cloud9trader.control.trading.market.instruments[0]!.symbol;
    const add = ['add', 'cloud9trader', symbol, 'buy', '0.01', '--price', '20000'];
    const { exitCode, lines, stderr } = await order([...add, '--live']);
    expect(lines).toMatchObject([{ kind: 'acknowledged', means: 'forwarded' }]);
    expect(stderr).toContain('forwarded, which does not mean accepted');
    expect(exitCode).toBe(0);
    const unmeant = await order(add);
    expect(unmeant).toMatchObject({ exitCode: 2, lines: [{ kind: 'refused' }] });
    expect(unmeant.stderr).toContain('nothing was sent; --live places it');
  });
});
