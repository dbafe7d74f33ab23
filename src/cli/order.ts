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
import type { Action } from './command-code.js';
import { formatHelpTail } from './command-help.js';
import { parseDurationMs } from './duration.js';
import { parseChoice, parseWholeNumber } from './number-option.js';
import { ORDER_VENUE_NAMES } from './offered-names.js';
import type { OrderRun, OrderRunOptions } from './order-run.js';

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

const SIDES = ['buy', 'sell'] as const;
const TIMEOUT_MOST = 86_399;

const SAFETY =
  'Without --live nothing is placed, changed or cancelled: an "add" is only checked, by venues ' +
  'that can, and the other commands are not sent. With --live you are asked first, if there is ' +
  'a terminal. The outcome is one JSON line: acknowledged, refused, or unknown if the answer was ' +
  'lost; after unknown a second line says what became of the order. No command is sent twice.';

const EXAMPLES = {
  add: [
    'truefeed order add kraken BTC/USD buy 0.01 --price 50000 --post-only',
    'truefeed order add kraken BTC/USD sell 0.01 --type market --live',
  ],
  amend: ['truefeed order amend kraken --order-id OPS23M-VS41G-DDE5Z2 --price 50100 --live'],
  cancel: ['truefeed order cancel kraken --client-id 0d2c… --live'],
  'cancel-all': ['truefeed order cancel-all kraken --live --yes'],
  after: ['truefeed order after kraken 60 --live'],
} as const;

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
    venueName,
    command: { kind: 'add', order, validate: false },
    summary: `${side} ${size} ${symbol}${at} (${orderType}) at ${venueName}.`,
    send: (entry, validate) => entry.addOrder(order, { validate, deadlineMs }),
  };
}

function planAmend(venueName: string, options: AmendOptions): OrderRun {
  const { size, price, stopPrice } = options;
  const change: OrderChange = {
    target: toTarget(options),
    size,
    limitPrice: price,
    stopPrice,
  };
  const asked = Object.entries({ size, price, 'stop price': stopPrice })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${value}`);
  return {
    venueName,
    command: { kind: 'amend', change },
    summary: `change ${nameOf(change.target)} at ${venueName} to ${asked.join(', ')}.`,
    send: (entry) => entry.amendOrder(change),
  };
}

function planCancel(venueName: string, options: TargetOptions): OrderRun {
  const target = toTarget(options);
  return {
    venueName,
    command: { kind: 'cancel', targets: [target] },
    summary: `cancel ${nameOf(target)} at ${venueName}.`,
    send: (entry) => entry.cancelOrder(target),
  };
}

function planAfter(venueName: string, text: string): OrderRun {
  const seconds = parseWholeNumber(text, { name: 'The time', least: 0, most: TIMEOUT_MOST });
  const what = seconds === 0 ? 'call the timer off' : `cancel all orders after ${seconds} s`;
  return {
    venueName,
    command: { kind: 'cancel-all-after', timeoutSeconds: seconds },
    summary: `${what} at ${venueName}.`,
    send: (entry) => entry.cancelAllOrdersAfter(seconds),
  };
}

function planCancelAll(venueName: string): OrderRun {
  return {
    venueName,
    command: { kind: 'cancel-all' },
    summary: `cancel every open order at ${venueName}.`,
    send: (entry) => entry.cancelAllOrders(),
  };
}

function addSharedOptions(command: Command): Command {
  return command
    .option('--validate', 'only check the command, do not carry it out (the default)')
    .option('--live', 'carry the command out')
    .option('--yes', 'with --live: do not ask for confirmation')
    .option('--url <url>', 'connect to this address instead of the exchange (all of its hosts)')
    .option('--user-url <url>', 'the same, for the private channels alone')
    .option('--rest-url <url>', 'the same, for the REST service that issues tokens')
    .option('--ca-file <file>', 'also trust the certificate authorities in this PEM file')
    .option('--key-file <file>', 'file with key and secret (default: environment variables)')
    .option('--nonce-scale <scale>', `unit of REST nonces: ${NONCE_SCALES.join(', ')}`, 'ms');
}

function addTargetOptions(command: Command): Command {
  return command
    .option('--order-id <id>', 'the id that the venue gave the order')
    .option('--client-id <id>', 'your own id for the order');
}

/** Adds `order` with what can be done with orders. */
export function addOrderCommand(
  program: Command,
  run: Action<[plan: OrderRun, options: OrderRunOptions]>,
): void {
  const order = program
    .command('order')
    .description('Place, change and cancel orders, one at a time.')
    .addHelpText('after', formatHelpTail(Object.values(EXAMPLES).flat(), SAFETY));
  const named = (name: keyof typeof EXAMPLES, about: string): Command =>
    addSharedOptions(order.command(name).description(about))
      .argument('<venue>', ORDER_VENUE_NAMES.join(', '))
      .addHelpText('after', formatHelpTail(EXAMPLES[name], SAFETY));

  named('add', 'Place an order.')
    .argument('<symbol>', "in the venue's spelling")
    .argument('<side>', SIDES.join(' or '))
    .argument('<size>', 'in the base currency, as an exact decimal')
    .option('--type <type>', 'limit, market, stop-loss …', 'limit')
    .option('--price <price>', 'limit price')
    .option('--stop-price <price>', 'price that triggers a stop or take-profit order')
    .option('--tif <time>', 'time in force: gtc, ioc, fok, day …')
    .option('--post-only', 'only rest in the book, never trade at once')
    .option('--reduce-only', 'only reduce a position, never open or increase one')
    .option('--display <size>', 'the visible size of an iceberg order')
    .option('--client-id <id>', 'your own id for the order (default: a new one)')
    .option(
      '--deadline <time>',
      'refuse the order if it reaches the engine later than this, as in 2s',
    )
    .action(
      (...[venue, symbol, side, size, options]: [string, string, string, string, AddOptions]) =>
        run(planAdd(venue, toNewOrder(symbol, [side, size], options), options), options),
    );
  addTargetOptions(named('amend', 'Change an order in place.'))
    .option('--size <size>', 'the new total size, in the base currency')
    .option('--price <price>', 'limit price')
    .option('--stop-price <price>', 'trigger price')
    .action((venue: string, options: AmendOptions) => run(planAmend(venue, options), options));
  addTargetOptions(named('cancel', 'Cancel an order.')).action(
    (venue: string, options: OrderRunOptions & TargetOptions) =>
      run(planCancel(venue, options), options),
  );
  named('cancel-all', 'Cancel every open order.').action(
    (venue: string, options: OrderRunOptions) => run(planCancelAll(venue), options),
  );
  named('after', "Have the venue cancel every order after a time (a dead-man's switch).")
    .argument('<seconds>', 'whole seconds from now; 0 calls it off')
    .action((venue: string, seconds: string, options: OrderRunOptions) =>
      run(planAfter(venue, seconds), options),
    );
}
