// `npm run kernel`: compiles assembly/ into src/wire/shape-kernel-bytes.ts, which is committed, so
// that nothing has to be compiled to run, test or build. A test compares the two.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';
import { root } from './setup.mjs';

const TARGET = join(root, 'src', 'wire', 'shape-kernel-bytes.ts');
const LINE_CHARACTERS = 92;
/** Memory never grows: the views of it stay good. */
const PAGES = '3';

/** The module as bytes. */
async function compile() {
  const folder = mkdtempSync(join(tmpdir(), 'truefeed-kernel-'));
  try {
    const { error, stderr } = await asc.main([
      join(root, 'assembly', 'index.ts'),
      '--outFile',
      join(folder, 'kernel.wasm'),
      '-O3',
      '--converge',
      '--noAssert',
      '--runtime',
      'stub',
      '--initialMemory',
      PAGES,
      '--maximumMemory',
      PAGES,
    ]);
    if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
    return readFileSync(join(folder, 'kernel.wasm'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The file that holds it. */
export async function writeKernelFile() {
  const base64 = (await compile()).toString('base64');
  const lines = base64.match(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g'));
  return (
    '/** The WebAssembly module of `assembly/`, in base64: written by `npm run kernel`. */\n' +
    `export const SHAPE_KERNEL =\n${lines.map((line) => `  '${line}'`).join(' +\n')};\n`
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(TARGET, await writeKernelFile());
}
