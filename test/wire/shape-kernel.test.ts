import { expect, it } from 'vitest';
import { text, time } from '../../src/wire/frame-shape.js';
import { SHAPE_KERNEL } from '../../src/wire/shape-kernel-bytes.js';
import { FRAME_READ, NOT_OF_SHAPE, ShapeKernel } from '../../src/wire/shape-kernel.js';

type Exports = ConstructorParameters<typeof ShapeKernel>[0];
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Exports };
}

/** One that has read nothing yet, unlike the thread's. */
function openFreshKernel(): ShapeKernel {
  const { WebAssembly: api } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };
  const module = new api.Module(Buffer.from(SHAPE_KERNEL, 'base64'));
  return new ShapeKernel(new api.Instance(module).exports);
}

it.each([0x00, 0xff])('takes no bytes %i for a time before it has read any', (byte) => {
  const kernel = openFreshKernel();
  const shape = kernel.add([text('"'), time('sentAtMs'), text('"')]);
  const frame = Buffer.concat([Buffer.from('"'), Buffer.alloc(19, byte), Buffer.from('Z"')]);
  expect(kernel.begin(shape, frame)).toBe(NOT_OF_SHAPE);
  expect(kernel.begin(shape, Buffer.from('"2026-08-09T02:39:53Z"'))).toBe(FRAME_READ);
  expect(kernel.begin(shape, frame)).toBe(NOT_OF_SHAPE);
});
