import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rootFolder } from '../tidy/source-tree.js';

/** What each example prints when it does what it is for. */
const EXPECTED: Readonly<Record<string, RegExp>> = {
  'public-book': /^(BTC|ETH)-USD [\d.]+ @ [\d.]+ \| [\d.]+ @ [\d.]+$/m,
  'private-user': /^Signed in\.$/m,
  'own-signer': /^Signed in with a key that this process has never seen\.$/m,
  'gap-handling':
    /were lost\.\n.*is stale \(sequence-gap\); best bid: undefined\n.*right again; best bid: \d/,
};

/** Runs an example as a reader of the README would; ends it after a while if it does not end. */
async function runExample(name: string): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, ['scripts/example.mjs', name], {
    cwd: rootFolder,
    timeout: 120_000,
  });
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
