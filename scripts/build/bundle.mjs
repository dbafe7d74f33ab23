// Merges the compiled modules into few files, since Node.js spends half a millisecond and more on
// each that it loads. Nothing is left out or shortened: it is the compiled code, comments and all,
// with the name of the source before each module.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { rollup } from 'rollup';

/**
 * Folders that import nothing but each other: a chunk each. All other modules are put together by
 * which entries need them, so that none loads what it has no use for.
 */
const WHOLE_FOLDERS = ['model', 'sequence', 'book', 'wire'];

/** TypeScript's helpers look at `this` of a module, which is undefined there by definition. */
const HARMLESS = ['THIS_IS_UNDEFINED'];

/** What package.json lets people import or run, as paths within dist/ without their ending. */
function listEntries(manifest) {
  return [...Object.values(manifest.exports), ...Object.values(manifest.bin)]
    .filter((path) => path.startsWith('./dist/'))
    .map((path) => path.slice('./dist/'.length, -'.js'.length));
}

/**
 * The files of dist/: the entries of `manifest`, and the chunks that they share, made of the folder
 * of compiled modules `from`. `modules` of a file are the modules in it, as paths within `from`.
 */
export async function bundle({ from, manifest }) {
  const entries = listEntries(manifest);
  const pathOf = (id) => relative(from, id).split(sep).join('/').slice(0, -'.js'.length);
  const wholeFolderOf = (id) => WHOLE_FOLDERS.find((one) => pathOf(id).startsWith(`${one}/`));
  // Others import the last module of a chunk: its path says what the chunk is about.
  const nameChunk = ({ moduleIds }) =>
    `chunks/${wholeFolderOf(moduleIds.at(-1)) ?? pathOf(moduleIds.at(-1))}.js`;
  const nameSource = (code, id) =>
    code.startsWith('#!') ? null : { code: `// src/${pathOf(id)}.ts\n${code}`, map: null };

  const merged = await rollup({
    input: Object.fromEntries(entries.map((entry) => [entry, join(from, `${entry}.js`)])),
    // Packages and what Node.js brings; only our own files are named by a path.
    external: (id) => !id.startsWith('.') && !isAbsolute(id),
    preserveEntrySignatures: 'strict',
    treeshake: false,
    plugins: [{ name: 'name-sources', transform: nameSource }],
    onwarn(warning) {
      if (!HARMLESS.includes(warning.code)) throw new Error(warning.message);
    },
  });
  try {
    const { output } = await merged.generate({
      format: 'es',
      entryFileNames: '[name].js',
      chunkFileNames: nameChunk,
      manualChunks: wholeFolderOf,
      minifyInternalExports: false,
      hoistTransitiveImports: false,
    });
    return output.map(({ fileName, code, moduleIds }) => ({
      path: fileName,
      text: code,
      modules: moduleIds.map(pathOf),
    }));
  } finally {
    await merged.close();
  }
}

/** Writes what `bundle` made into a folder. */
export function writeFiles(files, folder) {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
