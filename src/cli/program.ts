import { Command, CommanderError } from 'commander';
import { findNearestName } from '../model/nearest-name.js';
import { ConfigError } from '../model/error.js';
import type { CliIo, CommandContext } from './cli-io.js';
import { command } from './command-code.js';
import { addDemoCommand } from './demo.js';
import { addDoctorCommand } from './doctor.js';
import { EXIT_CODES, exitCodeOf, formatExitCodes } from './exit-code.js';
import { explainUsageError, formatFailure } from './failure-text.js';
import { addHeadersCommand } from './headers.js';
import { addJwtCommand } from './jwt.js';
import { addOrderCommand } from './order.js';
import { refuseSecretArguments } from './secret-argument.js';
import { addSimulateCommand } from './simulate.js';
import { addStreamCommand } from './stream.js';
import { addTokenCommand } from './token.js';
import { readVersion } from './version.js';
import { addWatchCommand } from './watch.js';

const PITCH =
  "Connects to exchanges' WebSocket APIs: signs in, stays signed in, and keeps every order book " +
  'right, or says at once that it is not.';

const START_HERE = `
See it work with no account and no network:
  truefeed demo --duration 10s

Find out what is wrong with a key, the clock, the network or the sign-in:
  truefeed doctor coinbase

Keys are read from a file or from the environment, never from an argument.
TRUEFEED_DEBUG=1 adds the trace to an error. Errors are one sentence and a code on stderr.
`;

/**
 * Every command: one file says what it takes and what its help says, another one what it does. That
 * one is loaded when the command is run.
 */
const COMMANDS = [
  command(addJwtCommand, () => import('./jwt-run.js')),
  command(addTokenCommand, () => import('./token-run.js')),
  command(addHeadersCommand, () => import('./headers-run.js')),
  command(addDoctorCommand, () => import('./doctor-run.js')),
  command(addSimulateCommand, () => import('./simulate-run.js')),
  command(addStreamCommand, () => import('./stream-run.js')),
  command(addOrderCommand, () => import('./order-run.js')),
  command(addWatchCommand, () => import('./watch-run.js')),
  command(addDemoCommand, () => import('./demo-run.js')),
];

export function createProgram(context: CommandContext): Command {
  const program = new Command('truefeed');
  program
    .description(PITCH)
    .version(readVersion(), '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.io.stdout.write(text),
      // Errors of usage are written once, by runCli, in the form that all errors have.
      writeErr: () => undefined,
      outputError: () => undefined,
      getOutHelpWidth: () => context.io.stdout.columns,
    })
    .addHelpText('after', `${START_HERE}\n${formatExitCodes()}`);
  for (const add of COMMANDS) add(program, context);
  return program;
}

/** Runs one command line and returns the exit code. Never throws. */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  let exitCode: number = EXIT_CODES.done.code;
  const program = createProgram({ io, finish: (code) => (exitCode = code) });
  try {
    refuseSecretArguments(args);
    requireHelpTopic(program, args);
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    // The reader of a pipe left (`| head`): it has what it wanted.
    if (io.stdout.isBroken) return EXIT_CODES.done.code;
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_CODES.done.code;
    const failure =
      error instanceof CommanderError
        ? explainUsageError(error, commandPathOf(program, args))
        : error;
    io.stderr.write(formatFailure(failure, io.env));
    return exitCodeOf(failure);
  }
}

/** `help` with an unknown name would print the general help and fail without a word. */
function requireHelpTopic(program: Command, args: readonly string[]): void {
  const [command, topic] = args;
  if (command !== 'help' || topic === undefined) return;
  const names = program.commands.map((one) => one.name());
  if (names.includes(topic)) return;
  const nearest = findNearestName(topic, names);
  const hint = nearest === undefined ? "See 'truefeed --help'." : `Did you mean "${nearest}"?`;
  throw new ConfigError('OPTION_INVALID', `There is no command '${topic}'. ${hint}`);
}

function commandPathOf(program: Command, args: readonly string[]): string {
  let path = 'truefeed';
  let parent = program;
  for (const name of args) {
    const known = parent.commands.find((command) => command.name() === name);
    if (!known) break;
    path += ` ${name}`;
    parent = known;
  }
  return path;
}
