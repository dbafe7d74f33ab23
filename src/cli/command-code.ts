import type { Command } from 'commander';
import type { CliIo, CommandContext } from './cli-io.js';

/** What is done when a command is run, with what commander made of its arguments. */
export type Action<Args extends readonly unknown[]> = (...args: Args) => Promise<void>;

/** The module of what a command does. */
export interface CommandCode<Args extends readonly unknown[]> {
  /** Returns the exit code. */
  readonly run: (io: CliIo, ...args: Args) => Promise<number>;
}

/** Adds a command to the program. */
type AddCommand = (program: Command, context: CommandContext) => void;

/** A command that is declared at once, and whose code is loaded when it is run. */
export function command<Args extends readonly unknown[]>(
  declare: (program: Command, action: Action<Args>) => void,
  load: () => Promise<CommandCode<Args>>,
): AddCommand {
  return (program, context) =>
    declare(program, async (...args) => {
      const { run } = await load();
      context.finish(await run(context.io, ...args));
    });
}
