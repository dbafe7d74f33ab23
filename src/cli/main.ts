#!/usr/bin/env node
import { createStreamLogger } from '../runtime/stream-logger.js';
import { systemRuntime } from '../runtime/system-runtime.js';
import { EXIT_CODES } from './exit-code.js';
import { formatFailure } from './failure-text.js';
import { releaseScreen } from './live-screen.js';
import { createProcessIo, flushOutputs } from './process-io.js';
import { runCli } from './program.js';

const isDebugging = Boolean(process.env['TRUEFEED_DEBUG']);
const runtime = systemRuntime(
  isDebugging ? { logger: createStreamLogger((line) => void process.stderr.write(line)) } : {},
);
const io = createProcessIo(runtime);

function fail(error: unknown): never {
  releaseScreen(io);
  process.stderr.write(formatFailure(error, process.env));
  process.exit(EXIT_CODES.failed.code);
}

// Nothing should come here. If it does, the terminal is given back and the person told.
process.on('uncaughtException', fail);
// Nor here: the command is not done, and nothing is left that it could be waiting for.
process.on('beforeExit', () => fail(new Error('The command ended without a result.')));

async function main(): Promise<never> {
  const exitCode = await runCli(process.argv.slice(2), io);
  await flushOutputs();
  // Ends on the spot: what is still open by now (a socket that says goodbye) is nobody's business.
  process.exit(exitCode);
}

// Not awaited here: the code of a command may need what is in one file with this module, and
// would wait for this module to end.
void main();
