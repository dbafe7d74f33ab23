import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { MUTATIONS } from './test/mutation/mutations.js';

const name = process.env['TRUEFEED_MUTATION'];
const planted = MUTATIONS.find((one) => one.name === name);
if (name !== undefined && !planted) throw new Error(`There is no mutation "${name}".`);
const path = planted && fileURLToPath(new URL(`./src/${planted.file}`, import.meta.url));

export default defineConfig({
  plugins: [
    {
      name: 'plant-a-bug',
      enforce: 'pre',
      transform(code, id) {
        if (!planted || id.split('?')[0] !== path) return undefined;
        if (!code.includes(planted.find)) throw new Error(`${planted.file} reads otherwise now.`);
        return code.replace(planted.find, planted.replace);
      },
    },
  ],
  test: {
    include: ['test/mutation/**/*.test.ts'],
    // Some bugs make time stand still.
    testTimeout: 120_000,
    pool: 'threads',
    maxWorkers: 1,
  },
});
