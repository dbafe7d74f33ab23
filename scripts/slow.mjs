// `npm run test:slow`: the suites that take minutes. They run in CI, after `npm test`.
import { ensureBuilt, run, tool } from './setup.mjs';

ensureBuilt();
run(tool('vitest'), ['run', '--config', 'vitest.slow.config.ts', ...process.argv.slice(2)]);
