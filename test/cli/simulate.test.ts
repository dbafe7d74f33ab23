import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.js';
import { systemRuntime } from '../../src/runtime/system-runtime.js';
import { createFakeCli, type FakeCliOptions } from '../doubles/fake-cli.js';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'truefeed-simulate-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(args: readonly string[], options: FakeCliOptions = {}) {
  const fake = createFakeCli({ ...options, runtime: systemRuntime() });
  return { ...fake, done: runCli(['simulate', 'coinbase', ...args], fake.io) };
}

async function startReady(args: readonly string[], options: FakeCliOptions = {}) {
  const started = start(args, options);
  while (started.stdout.text === '') await new Promise((resolve) => setTimeout(resolve, 5));
  return started;
}

interface ReadyLine {
  readonly event: string;
  readonly venues: { readonly coinbase: Record<string, string> };
}

describe('truefeed simulate', () => {
  it('says in its first line where it is and how to sign in', async () => {
    const { stdout, signal, done } = await startReady(['--json']);
    const line = JSON.parse(stdout.lines[0]!) as ReadyLine;
    expect(Object.keys(line)).toEqual(['event', 'venues']);
    expect(line.event).toBe('simulator.ready');
    expect(Object.keys(line.venues.coinbase)).toEqual([
      'wsUrl',
      'userWsUrl',
      'keyName',
      'privateKey',
    ]);
    expect(line.venues.coinbase['wsUrl']).toMatch(/^ws:\/\/127\.0\.0\.1:\d+/);
    expect(line.venues.coinbase['privateKey']).toContain('-----BEGIN EC PRIVATE KEY-----');
    signal('SIGTERM');
    expect(await done).toBe(0);
  });

  it('makes an Ed25519 key where one is wanted', async () => {
    const { stdout, signal, done } = await startReady(['--json', '--key-type', 'ed25519']);
    const line = JSON.parse(stdout.lines[0]!) as ReadyLine;
    expect(line.venues.coinbase['privateKey']).toMatch(/^[A-Za-z0-9+/]{86}==$/);
    signal('SIGINT');
    expect(await done).toBe(0);
  });

  it('gives a person lines to paste that work', async () => {
    const { stdout, signal, done } = await startReady([]);
    const text = stdout.text;
    const env = {
      COINBASE_KEY_NAME: /COINBASE_KEY_NAME=(\S+)/.exec(text)![1]!,
      COINBASE_KEY_SECRET: /COINBASE_KEY_SECRET='([^']+)'/.exec(text)![1]!,
    };
    const pasted = /truefeed (watch .*)/.exec(text)![1]!.split(' ');
    const watcher = createFakeCli({ env, runtime: systemRuntime() });
    expect(await runCli([...pasted, '--duration', '1500ms'], watcher.io)).toBe(0);
    expect(watcher.stdout.text).toMatch(/sign-in +accepted\n/);
    signal('SIGINT');
    await done;
  });

  it('serves wss, and clients that trust its certificate', async () => {
    const simulator = await startReady(['--tls', '--json', '--ca-out', 'ca.pem']);
    const line = JSON.parse(simulator.stdout.lines[0]!) as ReadyLine;
    const url = line.venues.coinbase['wsUrl']!;
    expect(url).toMatch(/^wss:/);
    const files = { 'ca.pem': simulator.written.get('ca.pem')! };
    const args = [
      'stream',
      'coinbase',
      'BTC-USD',
      '--url',
      url,
      '--duration',
      '5s',
      '--count',
      '2',
    ];
    const trusting = createFakeCli({ files, runtime: systemRuntime() });
    expect(await runCli([...args, '--ca-file', 'ca.pem'], trusting.io)).toBe(0);
    const wary = createFakeCli({ runtime: systemRuntime() });
    expect(await runCli([...args.slice(0, 5), '--duration', '300ms'], wary.io)).toBe(4);
    expect(wary.stderr.text).toContain('[TLS_INVALID]');
    simulator.signal('SIGINT');
    await simulator.done;
  });

  it('ends by itself after --duration', async () => {
    expect(await start(['--duration', '50ms']).done).toBe(0);
  });

  it('says that a port is in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { done, stdout, stderr } = start(['--port', `${port}`]);
    expect(await done).toBe(2);
    expect(stderr.text).toMatch(/^truefeed: .*taken.* \[PORT_IN_USE\]\n$/);
    expect(stdout.text).toBe('');
    await new Promise((resolve) => server.close(resolve));
  });

  it('names the line at which a recording is cut off', async () => {
    const path = join(folder, 'cut.jsonl');
    const frame = { channel: 'heartbeats', timestamp: 't', sequence_num: 0, events: [] };
    const line = JSON.stringify({ ts: 1, dir: 'recv', data: JSON.stringify(frame) });
    writeFileSync(path, `${line}\n${line.slice(0, 20)}`);
    const { done, stderr } = start(['--from', path]);
    expect(await done).toBe(2);
    expect(stderr.text).toMatch(/[Ll]ine 2 .*\[RECORDING_INVALID\]/);
  });

  it.each([
    ['{', "'f.json' is not JSON: line 1, column 2, at its end"],
    [
      '{"rules":[\n{"fault":"explode"}]}',
      'line 2, rules.0.fault is wrong: there is no fault "explode"; faults are drop,',
    ],
    ['{"rules":[\n\n{"fault":"drop","when":1}]}', 'line 3, rules.0 is wrong: Unrecognized key'],
    ['{"rules":[{"fault":"drop","when":1}]}', 'fields of drop are fault, at, every, connection'],
    ['{"rules":[{"fault":"drop","evry":2}]}', '(did you mean "every"?); fields of drop are'],
    ['{"rules":[{"fault":"half-opened"}]}', '(did you mean "half-open"?); faults are'],
    [
      '{"rules":[{"fault":"drip"}]}',
      'rules.0.bytesPerSecond is wrong: it is missing; it must be a',
    ],
    ['{"rule":[]}', 'it has the form {"rules": [{"fault": "drop"}]}'],
    ['{"rules":[{"fault":"drop","venue":"kraken"}]}', '"kraken" does not run here; these do'],
    ['{"rules":[{"fault":"tls-certificate","how":"expired"}]}', 'needs TLS'],
    ['{"rules":[{"fault":"close","code":1006}]}', 'for 1006 use the fault reset'],
  ])('refuses faults such as %s', async (text, sentence) => {
    const { done, stderr } = start(['--faults', 'f.json'], { files: { 'f.json': text } });
    expect(await done).toBe(2);
    expect(stderr.text).toContain(sentence);
  });

  it('serves a control over HTTP, and says where', async () => {
    const { stdout, signal, done } = await startReady(['--json', '--control', '0']);
    const { controlUrl } = JSON.parse(stdout.lines[0]!) as { controlUrl: string };
    expect(controlUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const body = '{"fault":"refuse-upgrade","status":503}';
    const answer = await fetch(`${controlUrl}/faults`, { method: 'POST', body });
    expect(answer.status).toBe(201);
    signal('SIGINT');
    expect(await done).toBe(0);
    await expect(fetch(controlUrl)).rejects.toThrow();
  });

  it('warns where the control listens for others', async () => {
    const { stdout, stderr, signal, done } = await startReady(['--control', '0.0.0.0:0']);
    expect(stdout.text).toMatch(/Control over HTTP: curl http:\/\/0\.0\.0\.0:\d+\/\n/);
    expect(stderr.text).toContain('Whoever reaches the control commands these exchanges');
    signal('SIGINT');
    expect(await done).toBe(0);
  });

  it.each([
    [['--control', 'here'], '--control must be a whole number from 0 to 65535'],
    [['--control', '127.0.0.1:99999'], '--control must be a whole number'],
    [['--seed', '-1'], '--seed must be a whole number'],
    [['--market', 'm.json', '--from', 'x.jsonl'], 'leave either the recording or the market out'],
    [
      ['--market', 'wrong.json'],
      "In 'wrong.json', line 3, symbols.0.price is wrong: must be a price",
    ],
    [
      ['--market', 'wrong.yaml'],
      "In 'wrong.yaml', line 4, symbols.0.price is wrong: must be a price",
    ],
    [['--market', 'broken.yml'], "'broken.yml' is not YAML as it is read here: line 1, column 11"],
  ])('refuses %j', async (args, words) => {
    const files = {
      'm.json': '{"symbols":[{"base":"BTC","quote":"USD","price":"1.5"}]}',
      'wrong.yaml': 'symbols:\n  - base: BTC\n    quote: USD\n    price: 1.50\n',
      'broken.yml': 'symbols: [',
      'wrong.json': '{"symbols":[\n{"base":"BTC","quote":"USD",\n"price":1.5}]}',
    };
    const { done, stderr } = start(args, { files });
    expect(await done).toBe(2);
    expect(stderr.text).toContain(words);
  });

  it('serves the market of a file', async () => {
    const files = { 'm.json': '{"symbols":[{"base":"FOO","quote":"BAR","price":"1.5"}]}' };
    const { stdout, signal, done } = await startReady(['--json', '--market', 'm.json'], { files });
    const url = (JSON.parse(stdout.lines[0]!) as ReadyLine).venues.coinbase['wsUrl']!;
    const follower = createFakeCli({ runtime: systemRuntime() });
    const args = ['stream', 'coinbase', 'FOO-BAR', '--url', url, '--count', '2'];
    expect(await runCli([...args, '--duration', '20s'], follower.io)).toBe(0);
    signal('SIGINT');
    await done;
  });

  it('serves the market of the example, and faults, in YAML', async () => {
    const files = {
      'market.yaml': readFileSync('examples/market.yaml', 'utf8'),
      'faults.yml': 'rules:\n  - { fault: refuse-upgrade, status: 503, connection: 1 }\n',
    };
    const args = ['--json', '--market', 'market.yaml', '--faults', 'faults.yml'];
    const { stdout, signal, done } = await startReady(args, { files });
    const url = (JSON.parse(stdout.lines[0]!) as ReadyLine).venues.coinbase['wsUrl']!;
    const follower = createFakeCli({ runtime: systemRuntime() });
    const wanted = ['stream', 'coinbase', 'GST-EUR', '--url', url, '--count', '3'];
    expect(await runCli([...wanted, '--duration', '20s'], follower.io)).toBe(0);
    expect(follower.stdout.text).toContain('503');
    signal('SIGINT');
    expect(await done).toBe(0);
  });

  it('applies faults', async () => {
    const text = '{"rules":[{"fault":"refuse-upgrade","status":503}]}';
    const { stdout, signal, done } = await startReady(['--json', '--faults', 'f.json'], {
      files: { 'f.json': text },
    });
    const line = JSON.parse(stdout.lines[0]!) as ReadyLine;
    const url = line.venues.coinbase['wsUrl']!;
    const fake = createFakeCli({ runtime: systemRuntime() });
    const args = ['stream', 'coinbase', 'BTC-USD', '--url', url, '--duration', '300ms'];
    expect(await runCli(args, fake.io)).toBe(4);
    expect(fake.stdout.text).toContain('503');
    signal('SIGINT');
    await done;
  });
});
