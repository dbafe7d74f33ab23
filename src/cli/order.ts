import type { Command } from 'commander';
import { NONCE_SCALES } from '../auth/nonce.js';
import { ConfigError } from '../model/error.js';
import type {
  NewOrder,
  OrderChange,
  OrderTarget,
  OrderType,
  TimeInForce,
} from '../model/order-entry.js';
import type { CommandContext } from './cli-io.js';
import { formatHelpTail } from './command-help.js';
import { parseDurationMs } from './duration.js';
import { parseChoice, parseWholeNumber } from './number-option.js';
import { runOrder, type OrderRun, type OrderRunOptions } from './order-run.js';

interface TargetOptions {
  readonly orderId?: string;
  readonly clientId?: string;
}

interface AddOptions extends OrderRunOptions {
  readonly type: string;
  readonly price?: string;
  readonly stopPrice?: string;
  readonly tif?: string;
  readonly postOnly?: boolean;
  readonly reduceOnly?: boolean;
  readonly display?: string;
  readonly clientId?: string;
  readonly deadline?: string;
}

interface AmendOptions extends OrderRunOptions, TargetOptions {
  readonly size?: string;
  readonly price?: string;
  readonly stopPrice?: string;
}

/** Venues that take orders on their sockets; others explain where they take them. */
const VENUES = 'kraken, kraken-v1, cloud9trader';
const SIDES = ['buy', 'sell'] as const;
const TIMEOUT_MOST = 86_399;

const SAFETY =
  'Nothing is done without --live: what the venue can check is checked there (--validate), the ' +
  'rest here. With --live a terminal is asked first. Each call prints one JSON line: ' +
  'acknowledged, refused, or unknown, where the answer was lost; then a second line says what ' +
  'turned out. It is never sent again by itself.';

const EXAMPLES = [
  'truefeed order add kraken BTC/USD buy 0.01 --price 50000 --post-only',
  'truefeed order add kraken BTC/USD sell 0.01 --type market --live',
  'truefeed order amend kraken --order-id OPS23M-VS41G-DDE5Z2 --price 50100 --live',
  'truefeed order cancel kraken --client-id 0d2c… --live',
  'truefeed order cancel-all kraken --live --yes',
  'truefeed order after kraken 60 --live',
];

function toNewOrder(
  symbol: string,
  [side, size]: readonly string[],
  options: AddOptions,
): NewOrder {
  return {
    symbol,
    side: parseChoice('The side', side ?? '', SIDES),
    orderType: options.type as OrderType,
    size,
    limitPrice: options.price,
    stopPrice: options.stopPrice,
    timeInForce: options.tif as TimeInForce | undefined,
    postOnly: options.postOnly,
    reduceOnly: options.reduceOnly,
    displaySize: options.display,
    clientOrderId: options.clientId,
  };
}

function toTarget({ orderId, clientId }: TargetOptions): OrderTarget {
  if ((orderId === undefined) === (clientId === undefined)) {
    throw new ConfigError('OPTION_INVALID', 'Name the order by --order-id or by --client-id.');
  }
  return { orderId, clientOrderId: clientId };
}

const nameOf = ({ orderId, clientOrderId }: OrderTarget): string =>
  orderId ?? `the order ${clientOrderId}`;

function planAdd(venueName: string, order: NewOrder, options: AddOptions): OrderRun {
  const { symbol, side, size, orderType, limitPrice } = order;
  const at = limitPrice === undefined ? '' : ` at ${limitPrice}`;
  const deadlineMs = options.deadline === undefined ? undefined : parseDurationMs(options.deadline);
  return {
    ...{ venueName, kind: 'add' },
    summary: `${side} ${size} ${symbol}${at} (${orderType}) at ${venueName}.`,
    send: (entry, validate) => entry.addOrder(order, { validate, deadlineMs }),
  };
}

function planAmend(venueName: string, options: AmendOptions): OrderRun {
  const { size, price, stopPrice } = options;
  const change: OrderChange = {
    ...{ target: toTarget(options), size, limitPrice: price, stopPrice },
  };
  const asked = Object.entries({ size, price, 'stop price': stopPrice })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${value}`);
  return {
    ...{ venueName, kind: 'amend' },
    summary: `change ${nameOf(change.target)} at ${venueName} to ${asked.join(', ')}.`,
    send: (entry) => entry.amendOrder(change),
  };
}

function planCancel(venueName: string, options: TargetOptions): OrderRun {
  const target = toTarget(options);
  return {
    ...{ venueName, kind: 'cancel' },
    summary: `cancel ${nameOf(target)} at ${venueName}.`,
    send: (entry) => entry.cancelOrder(target),
  };
}

function planAfter(venueName: string, text: string): OrderRun {
  const seconds = parseWholeNumber(text, { name: 'The time', least: 0, most: TIMEOUT_MOST });
  const what = seconds === 0 ? 'call the timer off' : `cancel all orders after ${seconds} s`;
  return {
    ...{ venueName, kind: 'cancel-all-after' },
    summary: `${what} at ${venueName}.`,
    send: (entry) => entry.cancelAllOrdersAfter(seconds),
  };
}

function planCancelAll(venueName: string): OrderRun {
  return {
    ...{ venueName, kind: 'cancel-all' },
    summary: `cancel every open order at ${venueName}.`,
    send: (entry) => entry.cancelAllOrders(),
  };
}

function addSharedOptions(command: Command): Command {
  return command
    .option('--validate', 'have it checked and do nothing, which is the default')
    .option('--live', 'do it')
    .option('--yes', 'do not ask on the terminal')
    .option('--url <url>', 'an address in place of the exchange, for all its hosts')
    .option('--user-url <url>', 'an address for the private channels alone')
    .option('--rest-url <url>', 'an address in place of the REST service (tokens)')
    .option('--ca-file <file>', 'trust the certificate authorities in this PEM file, too')
    .option('--key-file <file>', 'file with key and secret; else they are read from variables')
    .option('--nonce-scale <scale>', `unit of REST nonces: ${NONCE_SCALES.join(', ')}`, 'ms');
}

function addTargetOptions(command: Command): Command {
  return command
    .option('--order-id <id>', "the venue's id of the order")
    .option('--client-id <id>', "the client's id of the order");
}

/** Adds `order` with what can be done with orders. */
export function addOrderCommand(program: Command, context: CommandContext): void {
  const order = program
    .command('order')
    .description('Place, change and cancel orders, one at a time.')
    .addHelpText('after', formatHelpTail(EXAMPLES, SAFETY));
  const named = (name: string, about: string): Command =>
    addSharedOptions(order.command(name).description(about)).argument('<venue>', VENUES);
  const run = async (plan: OrderRun, options: OrderRunOptions): Promise<void> =>
    context.finish(await runOrder(context.io, plan, options));

  named('add', 'Place an order.')
    .argument('<symbol>', "in the venue's spelling")
    .argument('<side>', SIDES.join(' or '))
    .argument('<size>', 'in the base currency, as an exact decimal')
    .option('--type <type>', 'limit, market, stop-loss …', 'limit')
    .option('--price <price>', 'limit price')
    .option('--stop-price <price>', 'the price at which a triggered order wakes')
    .option('--tif <time>', 'time in force: gtc, ioc, fok, day …')
    .option('--post-only', 'never take liquidity')
    .option('--reduce-only', 'only reduce a position')
    .option('--display <size>', 'the visible part of an iceberg')
    .option('--client-id <id>', 'your own id; one is made by default')
    .option('--deadline <time>', 'how long it may take to the engine, as in 2s')
    .addHelpText('after', formatHelpTail(EXAMPLES.slice(0, 2), SAFETY))
    .action(
      (...[venue, symbol, side, size, options]: [string, string, string, string, AddOptions]) =>
        run(planAdd(venue, toNewOrder(symbol, [side, size], options), options), options),
    );
  addTargetOptions(named('amend', 'Change an order in place.'))
    .option('--size <size>', 'all of it, in the base currency')
    .option('--price <price>', 'limit price')
    .option('--stop-price <price>', 'trigger price')
    .addHelpText('after', formatHelpTail(EXAMPLES.slice(2, 3), SAFETY))
    .action((venue: string, options: AmendOptions) => run(planAmend(venue, options), options));
  addTargetOptions(named('cancel', 'Cancel an order.'))
    .addHelpText('after', formatHelpTail(EXAMPLES.slice(3, 4), SAFETY))
    .action((venue: string, options: OrderRunOptions & TargetOptions) =>
      run(planCancel(venue, options), options),
    );
  named('cancel-all', 'Cancel every open order.')
    .addHelpText('after', formatHelpTail(EXAMPLES.slice(4, 5), SAFETY))
    .action((venue: string, options: OrderRunOptions) => run(planCancelAll(venue), options));
  named('after', "Have the venue cancel everything after a time: a dead-man's switch.")
    .argument('<seconds>', '0 calls it off')
    .addHelpText('after', formatHelpTail(EXAMPLES.slice(5), SAFETY))
    .action((venue: string, seconds: string, options: OrderRunOptions) =>
      run(planAfter(venue, seconds), options),
    );
}
