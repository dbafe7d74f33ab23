// `npm run kernel`: makes src/wire/shape-kernel-bytes.ts of assembly/ and of the shapes that venues
// declare in their scan-*.ts. It is committed, so that nothing has to be compiled to run, test or
// build. A test makes it anew and compares.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';
import { writeShapes } from './kernel/shape-source.mjs';
import { compiled, ensureBuilt, root } from './setup.mjs';

const TARGET = join(root, 'src', 'wire', 'shape-kernel-bytes.ts');
const LINE_CHARACTERS = 92;
/** Memory never grows: the views of it stay good. */
const PAGES = 20;
const PAGE_BYTES = 65_536;

/** The module as bytes. */
async function compile(source) {
  const folder = mkdtempSync(join(tmpdir(), 'truefeed-kernel-'));
  try {
    cpSync(join(root, 'assembly'), folder, { recursive: true });
    writeFileSync(join(folder, 'index.ts'), source);
    const { error, stderr } = await asc.main([
      join(folder, 'index.ts'),
      '--outFile',
      join(folder, 'kernel.wasm'),
      '-O3',
      '--converge',
      '--noAssert',
      '--runtime',
      'stub',
      '--initialMemory',
      String(PAGES),
      '--maximumMemory',
      String(PAGES),
    ]);
    if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
    return readFileSync(join(folder, 'kernel.wasm'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A module that reads beyond its memory would only be slow: nothing takes its frames then. */
async function assertRoom(bytes) {
  const { instance } = await WebAssembly.instantiate(bytes);
  const needed = instance.exports.MEMORY_BYTES.value;
  if (needed <= PAGES * PAGE_BYTES) return;
  throw new Error(
    `The module needs ${needed} bytes: make PAGES ${Math.ceil(needed / PAGE_BYTES)}.`,
  );
}

/** The file that holds it; shapes as `SHAPE` of the venues' files, `facts` as FACT_AT. */
export async function writeKernelFile(shapes, facts) {
  const bytes = await compile(writeShapes(shapes, facts));
  await assertRoom(bytes);
  const base64 = bytes.toString('base64');
  const lines = base64.match(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g'));
  return (
    '/** The WebAssembly module of `assembly/`, in base64: written by `npm run kernel`. */\n' +
    `export const SHAPE_KERNEL =\n${lines.map((line) => `  '${line}'`).join(' +\n')};\n`
  );
}

/** What the venues' files declare, in the order of their names; `load` imports one of them. */
export async function findShapes(folder, load) {
  const files = readdirSync(folder, { recursive: true });
  const shapes = [];
  for (const file of files.filter((one) => /scan-[\w-]+\.[jt]s$/.test(one)).sort()) {
    const { SHAPE } = await load(join(folder, file));
    if (SHAPE) shapes.push(SHAPE);
  }
  return shapes;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  ensureBuilt();
  const load = (path) => import(pathToFileURL(path).href);
  const shapes = await findShapes(join(compiled, 'venues'), load);
  const { FACT_AT } = await load(join(compiled, 'wire', 'frame-shape.js'));
  writeFileSync(TARGET, await writeKernelFile(shapes, FACT_AT));
}
