// `npm run matrix`: plays the fault matrix, keeps what is seen, and writes docs/reliability.md.
import { run, tool } from './setup.mjs';

process.env.FAULT_MATRIX = 'write';
run(tool('vitest'), ['run', 'test/faults/matrix.test.ts']);
