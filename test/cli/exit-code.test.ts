import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, formatExitCodes } from '../../src/cli/exit-code.js';
import { explainUsageError, formatFailure } from '../../src/cli/failure-text.js';
import { ConfigError, KeyError, TruefeedError, type ErrorCode } from '../../src/model/error.js';

describe('exit codes', () => {
  it.each([
    ['OPTION_INVALID', 2],
    ['PORT_IN_USE', 2],
    ['KEY_INVALID', 3],
    ['AUTH_REFUSED', 3],
    ['DIAL_FAILED', 4],
    ['FRAME_INVALID', 1],
  ] as [ErrorCode, number][])('of %s is %d', (code, exitCode) => {
    expect(exitCodeOf(new TruefeedError(code, 'text'))).toBe(exitCode);
  });

  it('of anything unexpected is 1', () => {
    expect(exitCodeOf(new Error('what'))).toBe(1);
  });

  it('are listed for the help', () => {
    expect(formatExitCodes()).toMatch(/ {2}0 {2}done\n/);
    expect(formatExitCodes()).toContain('130  ended by Ctrl-C');
  });
});

describe('failures', () => {
  it('are one sentence and a code, with a trace only on demand', () => {
    const error = new KeyError('KEY_INVALID', 'It is a public key.', { cause: new Error('why') });
    expect(formatFailure(error, {})).toBe('truefeed: It is a public key. [KEY_INVALID]\n');
    const traced = formatFailure(error, { TRUEFEED_DEBUG: '1' });
    expect(traced).toMatch(/\n {4}at /);
    expect(traced).toContain('caused by Error: why');
  });

  it('of usage lose the value of an unknown option, which may be a secret', () => {
    const usage = new CommanderError(1, 'x', "error: unknown option '--sekret=S3cr3t'");
    const error = explainUsageError(usage, 'truefeed jwt');
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toBe("Unknown option '--sekret'. See 'truefeed jwt --help'.");
  });

  it('of usage keep the nearest name', () => {
    const text = "error: unknown command 'jtw'\n(Did you mean jwt?)";
    expect(explainUsageError(new CommanderError(1, 'x', text), 'truefeed').message).toBe(
      "Unknown command 'jtw'. Did you mean jwt? See 'truefeed --help'.",
    );
  });
});
