import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The peers meet the built package, as its users do; they live in a package of their own. */
const built = (entry: string) => resolve(import.meta.dirname, 'dist', entry);

export default defineConfig({
  resolve: {
    alias: [
      { find: /^truefeed$/, replacement: built('index.js') },
      { find: /^truefeed\/(.+)$/, replacement: built('$1/index.js') },
    ],
  },
  test: {
    include: ['test/peers/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    testTimeout: 90_000,
    hookTimeout: 90_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
