import type { CommanderError } from 'commander';
import { ConfigError, ProtocolError, TruefeedError } from '../model/error.js';
import type { FeedEvent, FeedEventOf } from '../model/event.js';

/** What commander says, without its prefix and line breaks, as one sentence with a next step. */
export function explainUsageError(error: CommanderError, commandPath: string): ConfigError {
  if (error.code === 'commander.help') {
    const text = `Say what to do; '${commandPath} --help' lists the commands.`;
    return new ConfigError('OPTION_INVALID', text);
  }
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  // An unknown option is quoted whole by commander; what follows `=` may be a secret.
  const safe = first.replace(/('-[^'=]*)=[^\n]*'/, "$1'");
  const sentence = safe.replace(/\.$/, '').replace(/^./, (letter) => letter.toUpperCase());
  const hint = rest.map((line) => line.replace(/^\((.*)\)$/, '$1')).join(' ');
  const tail = `See '${commandPath} --help'.`;
  // The original is not kept as a cause: it quotes the option with its value.
  return new ConfigError('OPTION_INVALID', [`${sentence}.`, hint, tail].filter(Boolean).join(' '));
}

function describe(error: unknown): { text: string; code: string } {
  if (error instanceof TruefeedError) return { text: error.message, code: error.code };
  const text = error instanceof Error ? error.message : String(error);
  return {
    text: `This should not have happened: ${text} Set TRUEFEED_DEBUG=1 to see where.`,
    code: 'UNEXPECTED',
  };
}

/**
 * One sentence and its code on one line, also where it quotes an argument or a file with line ends
 * or worse in it; the trace only for those who asked for it.
 */
export function formatFailure(error: unknown, env: Readonly<Record<string, string | undefined>>) {
  const { text, code } = describe(error);
  const line = `truefeed: ${text.replace(/\p{Cc}+/gu, ' ')} [${code}]\n`;
  if (!env['TRUEFEED_DEBUG'] || !(error instanceof Error)) return line;
  return `${line}${traceOf(error)}\n`;
}

function traceOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${traceOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}

/** What only a frame of the venue's protocol leads to: whose odd frames are its own. */
export const OF_THE_VENUE: ReadonlySet<FeedEvent['type']> = new Set<FeedEvent['type']>([
  'auth.accepted',
  'subscription.accepted',
  'subscription.refused',
  'heartbeat.received',
  'venue.changed',
  'notice.received',
  'book.changed',
  'orders-book.changed',
  'trade.printed',
  'trades.listed',
  'ticker.changed',
  'candle.changed',
  'instrument.changed',
  'order.changed',
  'position.changed',
  'balance.changed',
]);

/** That the other end is not the venue, where nothing of its protocol came before this frame. */
export function explainForeign(
  url: string,
  { venue, error }: FeedEventOf<'frame.refused'>,
): ProtocolError {
  return new ProtocolError(
    'FRAME_INVALID',
    `What comes from ${url} is not of the protocol of the venue ${venue}. Check that --url has ` +
      'the right address and port, or name the venue that is there.',
    { cause: error },
  );
}
