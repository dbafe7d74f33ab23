/** What the control endpoint can be asked for, one row for each. */
import { z } from 'zod';
import { readRuleList, refuseField, sayIssue, type AnyRule } from '../exchange/read-rules.js';
import type { GeneralExchange } from './exchange-parts.js';
import { takeVenue, type GivenRule } from './fault-file.js';
import { listingSchema } from './scenario.js';
import type { SimulatedName } from './simulated-name.js';
import { ABOVE_ZERO } from './venue-market.js';

/** Running exchanges by venue, each with the addresses at which it is reached. */
export type ControlledExchanges = ReadonlyMap<
  SimulatedName,
  GeneralExchange & { readonly addresses: Readonly<Record<string, unknown>> }
>;

/** What a request says. */
export interface ControlCall {
  /** Where the path ends with one. */
  readonly id: string;
  /** The body. */
  readonly value: unknown;
  readonly query: URLSearchParams;
}

/** What is answered; 200 where no status is named. */
export interface ControlAnswer {
  readonly status?: number;
  readonly body: unknown;
}

/** One thing that can be asked for. */
export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly does: string;
  readonly run: (exchanges: ControlledExchanges, call: ControlCall) => ControlAnswer;
}

const NAME = 'the request';

const closeSchema = z.strictObject({
  venue: z.string().optional(),
  connection: z.number().int().min(1).optional(),
  code: z.number().int().min(1000).max(4999).optional(),
  reason: z.string().max(123).optional(),
});

const textPrice = z.string().regex(ABOVE_ZERO, 'must be a number above 0 as text: "0.5"');
const marketSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('move'), symbol: z.string(), price: textPrice }),
  z.strictObject({
    action: z.literal('trade'),
    symbol: z.string(),
    side: z.enum(['buy', 'sell']),
    size: textPrice,
  }),
  z.strictObject({ action: z.literal('list'), ...listingSchema.shape }),
  z.strictObject({ action: z.literal('halt'), symbol: z.string() }),
  z.strictObject({ action: z.literal('resume'), symbol: z.string() }),
  z.strictObject({
    action: z.literal('pace'),
    rate: z.number().min(0.01).max(100).optional(),
    violence: z.number().min(1).max(20).optional(),
  }),
]);

/** Everything there is. */
export const CONTROL_ROUTES: readonly ControlRoute[] = [
  { method: 'GET', path: '/', does: 'the state of everything', run: describeState },
  {
    method: 'GET',
    path: '/faults',
    does: 'the rules in force, with ids and how often each struck',
    run: (exchanges) => ({ body: { faults: listFaults(exchanges) } }),
  },
  {
    method: 'GET',
    path: '/faults/known',
    does: 'every fault of each venue, with its fields',
    run: (exchanges) => ({
      body: eachVenue(exchanges, (one) => Object.fromEntries(one.faultFields)),
    }),
  },
  {
    method: 'POST',
    path: '/faults',
    does: 'adds a rule as in a file, or {"rules": [...]}; all of them, or none',
    run: addFaults,
  },
  {
    method: 'DELETE',
    path: '/faults',
    does: 'removes all rules',
    run(exchanges) {
      for (const { control } of exchanges.values()) control.clearFaults();
      return { body: { faults: [] } };
    },
  },
  { method: 'DELETE', path: '/faults/ID', does: 'removes one rule', run: removeFault },
  {
    method: 'GET',
    path: '/connections',
    does: 'open sockets, with what was sent and received',
    run: (exchanges) => ({ body: eachVenue(exchanges, ({ control }) => control.connections) }),
  },
  {
    method: 'POST',
    path: '/connections/close',
    does: 'closes sockets: {"code": 1001, "reason": "…", "connection": 3}, all without a number',
    run: closeConnections,
  },
  {
    method: 'POST',
    path: '/connections/reset',
    does: 'resets the TCP connections of sockets: {"connection": 3}, all without a number',
    run: resetConnections,
  },
  {
    method: 'GET',
    path: '/messages',
    does: 'what clients sent on sockets, without tokens; ?connection=3 of one socket',
    run: listMessages,
  },
  {
    method: 'GET',
    path: '/requests',
    does: 'attempts to connect and REST calls, and their status',
    run: (exchanges) => ({ body: eachVenue(exchanges, ({ control }) => control.requests) }),
  },
  {
    method: 'GET',
    path: '/orders',
    does: "orders of the demo key, as they stand; venueOrderId is the venue's name of each",
    run: (exchanges) => ({ body: eachVenue(exchanges, ({ control }) => control.orders) }),
  },
  {
    method: 'GET',
    path: '/market',
    does: 'every symbol and its best prices',
    run: (exchanges) => ({ body: eachVenue(exchanges, describeMarket) }),
  },
  {
    method: 'POST',
    path: '/market',
    does:
      'acts on the market: {"action": "move", "symbol": "BTC-USD", "price": "60000"}; ' +
      'also trade, list, halt, resume, pace',
    run: actOnMarket,
  },
];

function eachVenue<Value>(
  exchanges: ControlledExchanges,
  read: (exchange: GeneralExchange) => Value,
): Record<string, Value> {
  return Object.fromEntries([...exchanges].map(([name, one]) => [name, read(one)]));
}

function describeState(exchanges: ControlledExchanges): ControlAnswer {
  const venues = [...exchanges].map(([name, { addresses, control }]) => [
    name,
    {
      ...addresses,
      connections: control.connectionCount,
      faults: control.faults.length,
      symbols: control.market?.symbols,
    },
  ]);
  const routes = CONTROL_ROUTES.map(({ method, path, does }) => `${method} ${path}: ${does}`);
  return { body: { venues: Object.fromEntries(venues) as unknown, routes } };
}

function listFaults(exchanges: ControlledExchanges): unknown[] {
  return [...exchanges].flatMap(([venue, { control }]) =>
    control.faults.map(({ id, rule, strikes }) => ({ id: `${venue}-${id}`, venue, strikes, rule })),
  );
}

function addFaults(exchanges: ControlledExchanges, { value }: ControlCall): ControlAnswer {
  const isList = typeof value === 'object' && value !== null && 'rules' in value;
  const given: readonly GivenRule[] = isList
    ? readRuleList(value, NAME).map((one, index) => ({ value: one, path: ['rules', index] }))
    : [{ value, path: [] }];
  // All are read before one is added.
  const read = given.map((one) => {
    const { venue, rule } = takeVenue(one, [...exchanges.keys()], NAME);
    const exchange = find(exchanges, venue);
    return { venue, exchange, rule: exchange.readRule(rule, NAME) };
  });
  const added = read.map(({ venue, exchange, rule }: Read) => ({
    id: `${venue}-${exchange.inForce.add(rule)}`,
    venue,
    rule,
  }));
  return { status: 201, body: { added } };
}

interface Read {
  readonly venue: SimulatedName;
  readonly exchange: GeneralExchange;
  readonly rule: AnyRule;
}

function removeFault(exchanges: ControlledExchanges, { id }: ControlCall): ControlAnswer {
  const [, venue = '', number = ''] = /^([a-z0-9]+)-(\d{1,15})$/.exec(id) ?? [];
  const exchange = [...exchanges].find(([name]) => name === venue)?.[1];
  if (exchange?.control.removeFault(Number(number))) return { body: { removed: id } };
  const known = [...exchanges].flatMap(([name, { control }]) =>
    control.faults.map((one) => `${name}-${one.id}`),
  );
  const message = `No rule in force has this id; ids are ${known.join(', ') || 'none at present'}.`;
  return { status: 404, body: { error: { message } } };
}

function find(exchanges: ControlledExchanges, venue: SimulatedName): GeneralExchange {
  const exchange = exchanges.get(venue);
  if (!exchange) return refuseField(NAME, ['venue'], 'it does not run here');
  return exchange;
}

/** The exchanges that a request means: the one that it names, or all. */
function choose(exchanges: ControlledExchanges, venue: string | undefined): GeneralExchange[] {
  const chosen = [...exchanges].filter(([name]) => venue === undefined || name === venue);
  if (chosen.length > 0) return chosen.map(([, one]) => one);
  const names = [...exchanges.keys()].join(', ');
  const says = `${JSON.stringify(venue)} does not run here; these do: ${names}`;
  return refuseField(NAME, ['venue'], says);
}

function readBody<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  return refuseField(NAME, issue?.path ?? [], sayIssue(issue, { schema, value }));
}

function closeConnections(exchanges: ControlledExchanges, { value }: ControlCall): ControlAnswer {
  const { venue, connection, code = 1001, reason = '' } = readBody(closeSchema, value);
  return endConnections(choose(exchanges, venue), connection, ({ control }) =>
    control.closeConnections(code, reason, connection),
  );
}

function resetConnections(exchanges: ControlledExchanges, { value }: ControlCall): ControlAnswer {
  const schema = closeSchema.pick({ venue: true, connection: true });
  const { venue, connection } = readBody(schema, value);
  return endConnections(choose(exchanges, venue), connection, ({ control }) =>
    control.resetConnections(connection),
  );
}

function endConnections(
  chosen: readonly GeneralExchange[],
  connection: number | undefined,
  end: (exchange: GeneralExchange) => void,
): ControlAnswer {
  const open = chosen.flatMap(({ control }) => control.connections.map((one) => one.connection));
  if (connection !== undefined && !open.includes(connection)) {
    const says = `${connection} is not open; open are ${open.join(', ') || 'none'}`;
    return refuseField(NAME, ['connection'], says);
  }
  for (const exchange of chosen) end(exchange);
  return { body: { ended: connection === undefined ? open.length : 1 } };
}

/** Fields of messages that open an account, also where a message is cut or no good JSON. */
const SECRETS =
  /(["'])(jwt|token|signature|sign)\1\s*:[\s[]*(["'])(?:\\[^]|(?!\3)[^\\])*(?:\3|\\?$)/g;

function listMessages(exchanges: ControlledExchanges, { query }: ControlCall): ControlAnswer {
  const wanted = query.get('connection');
  const read = ({ control }: GeneralExchange) =>
    control.messages
      .filter((one) => wanted === null || String(one.connection) === wanted)
      .map((one) => ({ ...one, text: one.text.replace(SECRETS, '"$2":"[secret]"') }));
  return { body: eachVenue(exchanges, read) };
}

function describeMarket({ control: { market } }: GeneralExchange): unknown {
  return Object.fromEntries(
    (market?.symbols ?? []).map((symbol) => [symbol, market?.touch(symbol)]),
  );
}

function actOnMarket(exchanges: ControlledExchanges, { value }: ControlCall): ControlAnswer {
  const { venue, rule } = takeVenue({ value, path: [] }, [...exchanges.keys()], NAME);
  const { market } = find(exchanges, venue).control;
  if (!market) return refuseField(NAME, [], 'a recording is served, which nothing can change');
  const act = readBody(marketSchema, rule.value);
  switch (act.action) {
    case 'move':
      market.move(act.symbol, act.price);
      break;
    case 'trade':
      market.trade(act.symbol, act.side, act.size);
      break;
    case 'list': {
      const { action, ...pair } = act;
      return { status: 201, body: { done: action, symbol: market.list(pair) } };
    }
    case 'halt':
      market.halt(act.symbol);
      break;
    case 'resume':
      market.resume(act.symbol);
      break;
    case 'pace':
      market.setPace({
        ...(act.rate !== undefined && { rate: act.rate }),
        ...(act.violence !== undefined && { violence: act.violence }),
      });
      break;
  }
  return { body: { done: act.action } };
}
