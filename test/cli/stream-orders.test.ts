import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.js';
import { systemRuntime } from '../../src/runtime/system-runtime.js';
import { createFakeCli } from '../doubles/fake-cli.js';
import { createFakeDialer } from '../doubles/fake-dialer.js';
import { OrdersExchange, TOKEN } from '../venues/kraken/orders-exchange.js';

const SECRET =
  'kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==';
const ARGS = ['stream', 'kraken', 'BTC/USD', '--channels', 'orders-book'];
const ENV = { KRAKEN_API_KEY: 'PUBLIC', KRAKEN_API_SECRET: SECRET };

/** Runs the command against an exchange until it has printed so many lines. */
async function stream(args: readonly string[], env: Record<string, string>) {
  const dialer = createFakeDialer(() => Date.now());
  const exchange = new OrdersExchange(dialer);
  // Nonces are counted in a real file, so that time is the real one, too.
  const runtime = { ...systemRuntime(), dial: dialer.dial, http: exchange.http };
  const fake = createFakeCli({ env: { ...env, TRUEFEED_STATE_DIR: stateDirectory }, runtime });
  let exitCode: number | undefined;
  void runCli([...ARGS, ...args], fake.io).then((code) => (exitCode = code));
  let isChanged = false;
  for (let turn = 0; turn < 1_000 && exitCode === undefined; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    exchange.attend();
    if (isChanged || !fake.stdout.text.includes('orders-book.changed')) continue;
    isChanged = true;
    const order = { id: 'OBID-4', price: '100.0', qty: '0.30000000' };
    dialer.last().frame(exchange.change('BTC/USD', ['add', 'bids', order]));
  }
  const events = fake.stdout.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { exitCode, events, stdout: fake.stdout.text, stderr: fake.stderr.text };
}

let stateDirectory = '';
beforeAll(() => {
  stateDirectory = mkdtempSync(join(tmpdir(), 'truefeed-orders-'));
});
afterAll(() => rmSync(stateDirectory, { recursive: true }));

describe('truefeed stream --channels orders-book', () => {
  it('prints each price with its queue, in exact digits', async () => {
    const { exitCode, events, stdout, stderr } = await stream(['--count', '5'], ENV);
    expect(exitCode, stderr).toBe(0);
    const [snapshot, delta] = events.filter((event) => event['type'] === 'orders-book.changed');
    expect(snapshot).toMatchObject({
      venue: 'kraken',
      symbol: 'BTC/USD',
      kind: 'snapshot',
      status: 'live',
      bids: [
        [
          '100.0',
          [
            ['OBID-1', '2.00000000'],
            ['OBID-2', '0.50000000'],
          ],
        ],
        ['99.5', [['OBID-3', '7.00000000']]],
      ],
      asks: [['100.5', [['OASK-1', '1.00000000']]]],
    });
    expect(delta).toMatchObject({ kind: 'delta' });
    expect(JSON.stringify(delta?.['bids'])).toContain('["OBID-4","0.30000000"]');
    expect(stdout + stderr).not.toContain(TOKEN);
    expect(stdout + stderr).not.toContain(SECRET);
  });

  it('shows as many prices as asked for', async () => {
    const { events } = await stream(['--count', '5', '--depth', '1'], ENV);
    const [snapshot] = events.filter((event) => event['type'] === 'orders-book.changed');
    expect(snapshot?.['bids']).toHaveLength(1);
  });

  it('says which key is missing before anything is dialled', async () => {
    const { exitCode, events, stderr } = await stream([], {});
    expect(exitCode).not.toBe(0);
    expect(events).toEqual([]);
    expect(stderr).toContain('KRAKEN_API_KEY');
  });
});
