import { describe, expect, it } from 'vitest';
import { createProgram, runCli } from '../../src/cli/program.js';
import { readVersion } from '../../src/cli/version.js';
import type { Venue } from '../../src/model/venue.js';
import { cloud9trader } from '../../src/venues/cloud9trader/index.js';
import { coinbase } from '../../src/venues/coinbase/index.js';
import { kraken, krakenV1 } from '../../src/venues/kraken/index.js';
import { createFakeCli } from '../doubles/fake-cli.js';

async function run(...args: string[]) {
  const { io, stdout, stderr } = createFakeCli();
  const exitCode = await runCli(args, io);
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

const { io } = createFakeCli();
const names = createProgram({ io, finish: () => undefined }).commands.map((one) => one.name());

describe('the command line', () => {
  it('introduces itself when called alone', async () => {
    const { exitCode, stdout, stderr } = await run();
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(stdout.replace(/\s+/g, ' ')).toContain('keeps every order book right, or says');
    expect(stdout).toContain('Exit codes:');
    for (const name of names) expect(stdout).toContain(`\n  ${name}`);
  });

  it('has the commands that are promised', () => {
    expect(names).toEqual([
      'jwt',
      'token',
      'headers',
      'doctor',
      'simulate',
      'stream',
      'order',
      'watch',
      'demo',
    ]);
  });

  it.each(names)('shows an example and the exit codes in the help of %s', async (name) => {
    const { exitCode, stdout } = await run(name, '--help');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Examples:\n {2}\S/);
    expect(stdout).toContain(`truefeed ${name}`);
    expect(stdout).toContain('Exit codes:');
  });

  it.each(['stream', 'watch'])('offers in the help of %s what venues have', async (name) => {
    const { stdout } = await run(name, '--help');
    const listed = /comma-separated:([a-z,\s-]+)\(default/.exec(stdout)?.[1] ?? '';
    const offered = listed.replace(/\s/g, '').split(',');
    const venues: readonly Venue[] = [coinbase(), kraken(), krakenV1(), cloud9trader()];
    const had = venues.flatMap(({ channels }) => channels.map((rule) => rule.name));
    expect(offered.toSorted()).toEqual([...new Set(had)].toSorted());
  });

  it('offers for orders the venues that take them', async () => {
    const { stdout } = await run('order', 'add', '--help');
    expect(stdout).toMatch(/^ {2}venue +kraken, kraken-v1, cloud9trader$/m);
  });

  it('tells its version', async () => {
    expect(await run('--version')).toMatchObject({ exitCode: 0, stdout: `${readVersion()}\n` });
  });

  it.each([
    [['jtw'], "Unknown command 'jtw'. Did you mean jwt? See 'truefeed --help'."],
    [['jwt', '--formt', 'raw'], 'Did you mean --format?'],
    [['jwt', 'extra'], "See 'truefeed jwt --help'."],
    [['order'], "Say what to do; 'truefeed order --help' lists the commands."],
    [['order', 'add', 'kraken', '--prise', '1'], "See 'truefeed order add --help'."],
    [['stream'], "Missing required argument 'venue'"],
    [['stream', 'coinbsae', 'BTC-USD'], "Did you mean 'coinbase'?"],
    [['watch', 'coinbase'], 'Name at least one symbol'],
    [['stream', 'coinbase'], 'Name at least one symbol'],
    [['stream', 'coinbase', 'BTC-USD', '--channels', 'bok'], 'Did you mean "book"?'],
    [['stream', 'coinbase', 'BTC-USD', '--channels', 'level2'], 'called "book" here'],
    [['stream', 'coinbase', 'btcusd'], '"BTC-USD"'],
    [['stream', 'coinbase', 'BTC-USD', '--depth', 'all'], '--depth must be a whole number'],
    [['stream', 'coinbase', 'BTC-USD', '--url', 'localhost'], 'wss://'],
    [['stream', 'coinbase', 'BTC-USD', '--user-url', 'http://x'], '--user-url must be'],
    [['token', '--rest-url', 'https://u:p@x'], '--rest-url must be'],
    [['doctor', 'kraken', '--rest-url', 'x'], '--rest-url must be'],
    [['help', 'strem'], 'Did you mean "stream"?'],
    [['watch', 'coinbase', 'BTC-USD', '--duration', 'soon'], 'write 10s'],
    [['simulate', 'coinbase', '--port', '70000'], '--port must be'],
    [['simulate', 'nowhere'], 'There is no venue'],
  ])('refuses %j with a sentence, a code and exit code 2', async (args, sentence) => {
    const { exitCode, stdout, stderr } = await run(...args);
    expect(stderr).toContain(sentence);
    expect(stderr).toMatch(/^truefeed: [^\n]+ \[[A-Z_]+\]\n$/);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
  });

  it('asks for a key before a private channel is dialled', async () => {
    const { exitCode, stderr } = await run('stream', 'coinbase', '--channels', 'user');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('COINBASE_KEY_NAME');
  });

  it('ends quietly when the reader of a pipe left', async () => {
    const fake = createFakeCli();
    fake.stdout.break();
    expect(await runCli(['watch', 'coinbase'], fake.io)).toBe(0);
    expect(fake.stderr.text).toBe('');
  });
});
