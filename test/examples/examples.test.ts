import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileCli } from '../doubles/compiled-cli.js';
import { rootFolder } from '../tidy/source-tree.js';

/** What each example prints when it does what it is for. */
const EXPECTED: Readonly<Record<string, RegExp>> = {
  'public-book': /^(BTC|ETH)-USD [\d.]+ @ [\d.]+ \| [\d.]+ @ [\d.]+$/m,
  'private-user': /^Signed in\.$/m,
  'own-signer': /^Signed in with a key that another process uses\.$/m,
  'bot-with-node-test': /^# pass 1$|^ℹ pass 1$/m,
  'gap-handling':
    /were lost\.\n.*is stale \(sequence-gap\); best bid: undefined\n.*right again; best bid: \d/,
};

/** The market is read by a test of `truefeed simulate`. */
const NO_PROGRAMS = ['bot-with-vitest.test.ts', 'bot_in_python.py', 'market.yaml'];

/** Runs an example as a reader of the README would; ends it after a while if it does not end. */
function runExample(name: string): Promise<Ended> {
  return collect(process.execPath, ['scripts/example.mjs', name]);
}

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

async function collect(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const options = { cwd: rootFolder, timeout: 120_000, env: { ...process.env, ...env } };
  const child = spawn(command, args, options);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => void (text += chunk.toString()));
  }
  const code = await new Promise<number | null>((resolve) => void child.on('close', resolve));
  return { code, text };
}

describe('examples', () => {
  it('are all listed here', () => {
    const files = readdirSync(join(rootFolder, 'examples'))
      // Tests run as tests: vitest takes this one by itself, and Python's has one below.
      .filter((file) => !NO_PROGRAMS.includes(file))
      .map((file) => file.replace(/\.ts$/, ''))
      .filter((name) => name !== 'signer-process');
    expect(files.sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  for (const [name, expected] of Object.entries(EXPECTED)) {
    it(`${name} runs against the simulator`, { timeout: 150_000 }, async () => {
      const { code, text } = await runExample(name);
      expect(text).toMatch(expected);
      expect(code).toBe(0);
    });
  }
});

describe('an example that cannot begin', () => {
  it.each(['private-user', 'own-signer'])(
    'says what %s needs',
    { timeout: 60_000 },
    async (name) => {
      const env = { COINBASE_KEY_NAME: '', COINBASE_KEY_SECRET: '' };
      const { code, text } = await collect(
        process.execPath,
        ['scripts/example.mjs', name, '--live'],
        env,
      );
      expect(text).toMatch(/^Set COINBASE_KEY_NAME,? and COINBASE_KEY_SECRET[^\n]*\.\n$/);
      expect(code).toBe(2);
    },
  );
});

const python = ['python3', 'python'].find(
  (name) => spawnSync(name, ['-c', 'import sys; assert sys.version_info >= (3, 8)']).status === 0,
);

describe('the example in Python', () => {
  it.skipIf(python === undefined)(
    'runs against the command line, where Python is installed',
    { timeout: 150_000 },
    async () => {
      const cli = await compileCli();
      const program = join(rootFolder, 'examples', 'bot_in_python.py');
      const { code, text } = await collect(python ?? '', [program, process.execPath, cli.main]);
      cli.remove();
      expect(text).toBe(
        '5 frames came.\n3 frames came before the reset.\n' +
          'In the request, fault is wrong: there is no fault "explode"\nThe market moved.\n',
      );
      expect(code).toBe(0);
    },
  );

  const program = join(rootFolder, 'examples', 'bot_in_python.py');
  const failures: readonly (readonly [string[], number, RegExp])[] = [
    [[], 2, /^Usage: python3 .*bot_in_python\.py COMMAND/],
    [['no-such-program'], 1, /^no-such-program cannot be started: .*\.\n$/],
    [[process.execPath, '-e', ''], 1, /started no exchange\.\n$/],
  ];
  it.skipIf(python === undefined)('says what it lacks, where Python is installed', async () => {
    for (const [args, exitCode, words] of failures) {
      const { code, text } = await collect(python ?? '', [program, ...args]);
      expect(text).toMatch(words);
      expect(text).not.toContain('Traceback');
      expect(code).toBe(exitCode);
    }
  });
});
