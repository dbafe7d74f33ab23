import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The package's own entries, as its users name them, without a build. */
const ENTRY = /^truefeed(\/(simulator|venues\/[a-z0-9]+))?$/;

export default defineConfig({
  resolve: {
    alias: [
      { find: ENTRY, replacement: fileURLToPath(new URL('src$1/index.ts', import.meta.url)) },
    ],
  },
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    exclude: ['test/slow/**', 'test/peers/**', 'test/mutation/**'],
    setupFiles: ['test/property-sizes.ts'],
    // A hang has to end; a machine that is many times slower than usual must not look like one.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'threads',
    maxWorkers: 2,
    // Files share what was imported and compiled: loading everything anew for each of them took two
    // fifths of the time. No test may leave anything behind in a module.
    isolate: false,
  },
});
