import { openFeed } from '../feed/feed.js';
import type { Feed } from '../feed/feed-options.js';
import { ConfigError, type TruefeedError } from '../model/error.js';
import type { OrderEntry, OrderOutcome, SettledOrder } from '../model/order-calls.js';
import type { FeedEvent } from '../model/event.js';
import type { OrderCommand, OrderCommandKind } from '../model/order-entry.js';
import type { Venue } from '../model/venue.js';
import { describeUnsayable, encodeCommand, explainNoOrders } from '../session/commands.js';
import { readCertificates } from './ca-file.js';
import type { CliIo } from './cli-io.js';
import { exitCodeOfSignal, awaitEnding } from './ending.js';
import { EXIT_CODES, exitCodeOf } from './exit-code.js';
import { explainForeign, OF_THE_VENUE } from './failure-text.js';
import { chooseVenue, type VenueOptions } from './venue-table.js';

/** The options that every order command shares. */
export interface OrderRunOptions extends VenueOptions {
  readonly caFile?: string;
  readonly validate?: boolean;
  readonly live?: boolean;
  readonly yes?: boolean;
}

/** One order command, before it is known whether it is meant. */
export interface OrderRun {
  readonly venueName: string;
  readonly command: OrderCommand;
  /** What would happen, in a sentence, for the person who confirms it. */
  readonly summary: string;
  /** `validate`: the venue is only to check it. */
  send(entry: OrderEntry, validate: boolean): Promise<OrderOutcome>;
}

const READY_TIMEOUT_MS = 20_000;
/** Commands that a venue can check without doing them. */
const CAN_BE_TRIED: readonly OrderCommandKind[] = ['add', 'edit'];

/**
 * Connects, sends the command once, prints what came of it, and ends. Without `--live` nothing is
 * done at the venue: what it can check it checks, and the rest is checked here.
 */
export async function run(io: CliIo, plan: OrderRun, options: OrderRunOptions): Promise<number> {
  const isLive = options.live === true;
  if (isLive && options.validate === true) {
    throw new ConfigError('OPTION_INVALID', 'Choose one of --live and --validate.');
  }
  const followed = chooseVenue(io, plan.venueName, options);
  const { venue, endpoints } = followed;
  const { orderEntry: rule } = venue;
  if (!rule) throw explainNoOrders(venue);
  if (!isLive && !CAN_BE_TRIED.includes(plan.command.kind)) {
    checkForm(io, plan, venue);
    io.stderr.write(`truefeed: nothing was sent. With --live: ${plan.summary}\n`);
    return EXIT_CODES.done.code;
  }
  if (isLive && options.yes !== true && !(await confirm(io, plan.summary))) {
    io.stderr.write('truefeed: not confirmed, and nothing was sent.\n');
    return EXIT_CODES.usage.code;
  }
  const caPem = readCertificates(io, options.caFile);
  const feed = openFeed({
    venue,
    endpoints,
    caPem,
    runtime: io.runtime,
    credentials: followed.findCredentials(),
    subscriptions: [{ channel: rule.channel }],
    onEvent: tellTrouble(io),
  });
  return sendOnce(io, feed, (entry) => plan.send(entry, !isLive));
}

/** What the venue's protocol has no way to say is not promised for `--live`. */
function checkForm(io: CliIo, { command }: OrderRun, venue: Venue): void {
  try {
    encodeCommand({ command, requestId: 0 }, venue, venue.createCodec());
  } catch (cause) {
    throw describeUnsayable(cause, io.runtime.logger);
  }
}

async function sendOnce(
  io: CliIo,
  feed: Feed,
  send: (entry: OrderEntry) => Promise<OrderOutcome>,
): Promise<number> {
  const ending = awaitEnding(io, undefined);
  try {
    const done = sendWhenReady(io, feed, send);
    const ended = ending.reached.then((reason) =>
      reason.kind === 'signal' ? exitCodeOfSignal(reason.signal) : EXIT_CODES.failed.code,
    );
    return await Promise.race([done, ended]);
  } finally {
    ending.dispose();
    await feed.close();
  }
}

async function sendWhenReady(
  io: CliIo,
  feed: Feed,
  send: (entry: OrderEntry) => Promise<OrderOutcome>,
): Promise<number> {
  const entry = feed.openOrderEntry();
  await feed.whenLive({ timeoutMs: READY_TIMEOUT_MS });
  const outcome = await send(entry);
  printLine(io, outcome);
  if (outcome.kind === 'acknowledged') {
    if (outcome.means === 'forwarded') io.stderr.write(FORWARDED);
    if (outcome.means === 'checked') io.stderr.write(CHECKED);
    return EXIT_CODES.done.code;
  }
  if (outcome.kind === 'refused') {
    if (outcome.error.facts.field === 'validate') io.stderr.write(UNCHECKABLE);
    return exitCodeOf(outcome.error);
  }
  io.stderr.write('truefeed: the answer was lost; looking for the order in the account …\n');
  const settled = await outcome.settled;
  printLine(io, settled);
  const isKnown = settled.kind === 'acknowledged' || settled.kind === 'found';
  return isKnown ? EXIT_CODES.done.code : exitCodeOf(outcome.error);
}

/** Whoever waits for the connection learns why it does not come, or who is at its other end. */
function tellTrouble(io: CliIo): (event: FeedEvent) => void {
  const tell = ({ message }: TruefeedError) => io.stderr.write(`truefeed: ${message}\n`);
  let url = '';
  let isKnown = false;
  return (event) => {
    if (event.type === 'session.opened') url = event.url;
    if (event.type === 'session.closed' && event.retryInMs !== undefined) tell(event.error);
    const isOdd = event.type === 'frame.refused';
    if (isOdd && !isKnown) tell(explainForeign(url, event));
    isKnown ||= isOdd || OF_THE_VENUE.has(event.type);
  };
}

const CHECKED = 'truefeed: only checked by the venue; nothing was placed. --live does it.\n';

const UNCHECKABLE =
  'truefeed: this venue cannot check an order without placing it: nothing was sent; --live ' +
  'places it.\n';

const FORWARDED =
  'truefeed: it was forwarded, which does not mean accepted: what becomes of it comes with ' +
  '--channels orders.\n';

/** Errors as their code, sentence and facts; the promise of an unknown outcome is left out. */
function printLine(io: CliIo, outcome: OrderOutcome | SettledOrder): void {
  const told = 'error' in outcome ? { error: describeError(outcome.error) } : {};
  io.stdout.write(`${JSON.stringify({ ...outcome, settled: undefined, ...told })}\n`);
}

function describeError({ code, message, retryable, facts }: TruefeedError): object {
  return { code, message, retryable, facts };
}

/** Asks where somebody can answer; elsewhere `--live` is the word. */
function confirm(io: CliIo, summary: string): Promise<boolean> {
  if (!io.stderr.isTty) return Promise.resolve(true);
  io.stderr.write(`truefeed: ${summary} Press y to do it, any other key not to. `);
  return new Promise((resolve) => {
    const answer = (isYes: boolean): void => {
      stopKeys();
      stopSignals();
      io.stderr.write('\n');
      resolve(isYes);
    };
    const stopKeys = io.onKey((key) => answer(key === 'y' || key === 'Y'));
    const stopSignals = io.onSignal(() => answer(false));
  });
}
