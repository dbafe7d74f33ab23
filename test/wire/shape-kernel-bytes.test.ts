import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

it('is what its sources compile to: after a change in assembly/ run `npm run kernel`', async () => {
  const path = pathToFileURL(join(root, 'scripts', 'kernel.mjs')).href;
  const script: unknown = await import(path);
  const { writeKernelFile } = script as { readonly writeKernelFile: () => Promise<string> };
  const committed = readFileSync(join(root, 'src/wire/shape-kernel-bytes.ts'), 'utf8');
  expect(await writeKernelFile()).toBe(committed);
}, 30_000);
