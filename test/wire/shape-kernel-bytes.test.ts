import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { FACT_AT, type FrameShape } from '../../src/wire/frame-shape.js';

const root = join(import.meta.dirname, '..', '..');

interface KernelScript {
  readonly findShapes: (
    folder: string,
    load: (path: string) => Promise<unknown>,
  ) => Promise<readonly FrameShape[]>;
  readonly writeKernelFile: (
    shapes: readonly FrameShape[],
    facts: typeof FACT_AT,
  ) => Promise<string>;
}

const REMEDY = 'after a change in assembly/, or of a shape, run `npm run kernel`';

it(`is what its sources and the venues' shapes come to: ${REMEDY}`, async () => {
  const script = (await import(
    pathToFileURL(join(root, 'scripts', 'kernel.mjs')).href
  )) as KernelScript;
  const shapes = await script.findShapes(join(root, 'src', 'venues'), (path) => import(path));
  expect(shapes.map(({ name }) => name)).toEqual([
    'cloud9TraderBook',
    'coinbaseBook',
    'krakenBook',
    'krakenV1Book',
  ]);
  const committed = readFileSync(join(root, 'src/wire/shape-kernel-bytes.ts'), 'utf8');
  expect(await script.writeKernelFile(shapes, FACT_AT)).toBe(committed);
}, 30_000);
