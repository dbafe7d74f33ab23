import { formatExitCodes } from './exit-code.js';

/** What stands below the options in each command's help: examples first. */
export function formatHelpTail(examples: readonly string[], note = ''): string {
  const lines = examples.map((example) => `  ${example}`).join('\n');
  return `\nExamples:\n${lines}\n${note ? `\n${note}\n` : ''}\n${formatExitCodes()}`;
}
