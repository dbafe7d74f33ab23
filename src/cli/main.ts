#!/usr/bin/env node
import { systemRuntime } from '../runtime/system-runtime.js';
import { createProcessIo, flushOutputs } from './process-io.js';
import { runCli } from './program.js';

const exitCode = await runCli(process.argv.slice(2), createProcessIo(systemRuntime()));
await flushOutputs();
// Ends on the spot: what is still open by now (a socket that says goodbye) is nobody's business.
process.exit(exitCode);
