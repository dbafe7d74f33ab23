/** Takes commands of clients to the engine, within the limits that the venue has. */
import type { Clock } from '../../../../model/runtime.js';
import type { EngineChange, EngineOrder, MatchingMarket } from '../../../../model/matching.js';
import type { SystemState } from '../engine-status.js';
import type { Pair, PairTable } from '../pairs.js';
import type { Protocol } from '../topic.js';
import { affordsEdit, draftEdited } from './edit-order.js';
import type {
  DeskAnswer,
  OrderCommand,
  OrderDraft,
  OrderName,
  OrderOutcome,
  OrderReading,
} from './order-command.js';
import { notesOf, targetOf } from './order-command.js';
import { findDraftFlaw, isLimitType, isTrailing, isTriggered } from './order-draft.js';
import {
  DEADLINE_ELAPSED,
  explainClosed,
  explainDown,
  explainEngineRefusal,
  ORDERS_EXCEEDED,
  RATE_EXCEEDED,
  UNKNOWN_ORDER,
  type OrderTraits,
} from './order-refusals.js';
import {
  costTransaction,
  createRateCounters,
  FIXED_COSTS,
  type AgedTransaction,
  type CounterKey,
  type RateCounters,
  type TierLimits,
} from './rate-counter.js';
import { createRestingTimes, type RestingTimes } from './resting-times.js';
import { toVenueId } from './venue-ids.js';

/** What a desk is made of. */
export interface OrderDeskOptions {
  readonly engine: MatchingMarket;
  readonly pairs: PairTable;
  readonly tier: TierLimits;
  readonly clock: Clock;
  /** The server's time, Unix milliseconds. */
  readonly nowMs: () => number;
  readonly system: () => SystemState;
}

/** A request of a client that may make it. */
export interface DeskRequest {
  readonly account: string;
  readonly protocol: Protocol;
  readonly reading: OrderReading;
}

/** The way from sockets to the engine. */
export interface OrderDesk {
  run(request: DeskRequest): DeskAnswer;
  /** The engine's count for a pair of an account, as it is told. */
  readRateCount(key: CounterKey): string;
  close(): void;
}

/** Opens the desk; it hears the engine from now on. */
export function createOrderDesk(options: OrderDeskOptions): OrderDesk {
  return new EngineDesk(options);
}

type CommandOf<Kind extends OrderCommand['kind']> = Extract<OrderCommand, { kind: Kind }>;

/** Whose command it is. */
type Caller = Pick<DeskRequest, 'account' | 'protocol'>;

/** "At most 60 s ahead" (websocket-v2/add_order). */
const DEADLINE_AHEAD_MAX_MS = 60_000;
const BATCHED_ADD_COST = 0.5;
const MS_PER_SECOND = 1_000;

class EngineDesk implements OrderDesk {
  readonly #options: OrderDeskOptions;
  readonly #rates: RateCounters;
  readonly #ages: RestingTimes;
  readonly #stop: () => void;
  #amendments = 0;

  constructor(options: OrderDeskOptions) {
    const { engine, tier, clock, nowMs } = options;
    this.#options = options;
    this.#rates = createRateCounters(tier, clock);
    this.#ages = createRestingTimes(clock, nowMs);
    this.#stop = engine.onEngineEvent((event) => this.#ages.onEvent(event));
  }

  run({ reading, ...caller }: DeskRequest): DeskAnswer {
    if (!reading.ok) {
      this.#countFailure(caller, reading);
      return refuse(reading.error);
    }
    const down = explainDown(this.#options.system());
    return down === undefined ? this.#carryOut(caller, reading.command) : refuse(down);
  }

  readRateCount(key: CounterKey): string {
    return this.#rates.read(key);
  }

  close(): void {
    this.#stop();
  }

  #carryOut(caller: Caller, command: OrderCommand): DeskAnswer {
    const { engine, nowMs } = this.#options;
    const { account } = caller;
    switch (command.kind) {
      case 'add':
      case 'batch-add':
        return this.#add(caller, command);
      case 'amend':
        return done(this.#amend(caller, command));
      case 'edit':
        return done(this.#edit(caller, command));
      case 'cancel':
        return done(...command.names.flatMap((name) => this.#cancel(caller, name)));
      case 'batch-cancel': {
        const ended = command.names.flatMap((name) => this.#cancel(caller, name, true));
        return done({ ok: true, count: ended.filter(({ ok }) => ok).length });
      }
      case 'cancel-all':
        return done({ ok: true, count: engine.cancelAll(account) });
      case 'cancel-all-after': {
        const timeoutMs = command.timeoutSeconds * MS_PER_SECOND;
        engine.cancelAllAfter(account, timeoutMs);
        const startMs = Math.round(nowMs() / MS_PER_SECOND) * MS_PER_SECOND;
        const triggersAtMs = timeoutMs === 0 ? undefined : startMs + timeoutMs;
        return done({ ok: true, switch: { nowMs: startMs, triggersAtMs } });
      }
    }
  }

  #add(caller: Caller, command: CommandOf<'add' | 'batch-add'>): DeskAnswer {
    const { pair, orders, validate } = command;
    const key = { account: caller.account, symbol: pair.symbol };
    const cost = command.kind === 'add' ? FIXED_COSTS.add : orders.length * BATCHED_ADD_COST;
    if (!this.#rates.pass(key, cost)) return refuse(RATE_EXCEEDED);
    const error =
      this.#explainLate(command.deadlineAtMs) ??
      orders.map((order) => this.#explainClosed(pair, order)).find((one) => one !== undefined);
    if (error !== undefined) return refuse(error);
    return done(...orders.map((order) => this.#place(caller, { pair, order, validate })));
  }

  #place(
    { account, protocol }: Caller,
    parts: { readonly pair: Pair; readonly order: OrderDraft; readonly validate: boolean },
  ): OrderOutcome {
    const { engine, tier } = this.#options;
    const { order, validate } = parts;
    const { symbol } = parts.pair;
    const { clientOrderId } = order;
    const name = clientOrderId === undefined ? {} : { clientOrderId };
    const fail = (error: string): OrderOutcome => ({ ok: false, error, name });
    const open = engine.openOrders(account);
    if (clientOrderId !== undefined && open.some((one) => one.clientOrderId === clientOrderId)) {
      return fail(explainEngineRefusal('client-order-id-taken', protocol));
    }
    const count = open.filter((one) => one.symbol === symbol).length;
    if (count >= tier.maxOpenOrders) return fail(ORDERS_EXCEEDED);
    const answer = engine.place({ ...order, account, symbol }, { validateOnly: validate });
    if (!answer.ok) return fail(explainEngineRefusal(answer.refusal, protocol));
    return { ok: true, order: answer.order, isCheckOnly: validate };
  }

  #amend(caller: Caller, command: CommandOf<'amend'>): OrderOutcome {
    const { account, protocol } = caller;
    const { name, change, pair, deadlineAtMs } = command;
    const fail = (error: string): OrderOutcome => ({ ok: false, error, name });
    const [order] = this.#find(account, name);
    if (!order || (pair && pair.symbol !== order.symbol)) return fail(UNKNOWN_ORDER);
    if (!this.#passRate('amend', order)) return fail(RATE_EXCEEDED);
    const traits = { ...order, postOnly: change.postOnly ?? order.postOnly };
    const error =
      explainUnamendable(order, change, protocol) ??
      this.#explainLate(deadlineAtMs) ??
      this.#explainClosed(this.#pairOf(order), traits);
    if (error !== undefined) return fail(error);
    const answer = this.#options.engine.amend(account, targetOf(order), change);
    if (!answer.ok) return fail(explainEngineRefusal(answer.refusal, protocol));
    this.#amendments += 1;
    const amendId = toVenueId('T', `${order.orderId}/amended-${this.#amendments}`);
    return { ok: true, name, order: answer.order, amendId };
  }

  #edit(caller: Caller, command: CommandOf<'edit'>): OrderOutcome {
    const { engine } = this.#options;
    const { account, protocol } = caller;
    const { name, pair, validate } = command;
    const fail = (error: string): OrderOutcome => ({ ok: false, error, name });
    const [original] = this.#find(account, name);
    if (!original || original.symbol !== pair.symbol) return fail(UNKNOWN_ORDER);
    if (!this.#passRate('edit', original)) return fail(RATE_EXCEEDED);
    const draft = draftEdited(original, command.edit);
    const error =
      explainUneditable(original, protocol) ??
      (draft
        ? findDraftFlaw(draft, protocol, this.#options.nowMs())
        : explainEngineRefusal('size-off-step', protocol)) ??
      this.#explainLate(command.deadlineAtMs) ??
      (draft && this.#explainClosed(pair, draft));
    if (error !== undefined || !draft) return fail(error ?? UNKNOWN_ORDER);
    const request = { ...draft, account, symbol: pair.symbol };
    const checked = engine.place(request, { validateOnly: true });
    // What the old order holds is there for the new one, which the engine cannot know.
    const isEnough =
      !checked.ok &&
      checked.refusal === 'insufficient-funds' &&
      affordsEdit(original, draft, { pair, balances: engine.balances(account) });
    if (!checked.ok && !isEnough) return fail(explainEngineRefusal(checked.refusal, protocol));
    if (validate) return { ok: true, order: original, isCheckOnly: true };
    engine.cancel(account, targetOf(original));
    const placed = engine.place(request);
    if (!placed.ok) return fail(explainEngineRefusal(placed.refusal, protocol));
    const originalOrderId = toVenueId('O', original.orderId);
    return { ok: true, order: placed.order, originalOrderId };
  }

  /** One outcome for each order that has the name. A batch is carried out over the limit, too. */
  #cancel({ account, protocol }: Caller, name: OrderName, isBatch = false): OrderOutcome[] {
    const { engine } = this.#options;
    const orders = this.#find(account, name);
    if (orders.length === 0) return [{ ok: false, error: UNKNOWN_ORDER, name }];
    return orders.map((order): OrderOutcome => {
      if (isBatch) this.#rates.add(order, this.#costOf('cancel', order));
      else if (!this.#passRate('cancel', order)) return { ok: false, error: RATE_EXCEEDED, name };
      const answer = engine.cancel(account, targetOf(order));
      if (answer.ok) return { ok: true, name, order: answer.order };
      return { ok: false, error: explainEngineRefusal(answer.refusal, protocol), name };
    });
  }

  #find(account: string, name: OrderName): readonly EngineOrder[] {
    return this.#options.engine
      .openOrders(account)
      .filter(
        (order) =>
          (name.orderId !== undefined && name.orderId === toVenueId('O', order.orderId)) ||
          (name.clientOrderId !== undefined && name.clientOrderId === order.clientOrderId) ||
          (name.userref !== undefined && name.userref === notesOf(order).userref),
      );
  }

  #costOf(transaction: AgedTransaction, order: EngineOrder): number {
    return costTransaction(transaction, this.#ages.ageMs(order));
  }

  #passRate(transaction: AgedTransaction, order: EngineOrder): boolean {
    return this.#rates.pass(order, this.#costOf(transaction, order));
  }

  /** "Always applied, even if the transaction fails validation" (guides/spot-ratelimits). */
  #countFailure({ account }: Caller, reading: Extract<OrderReading, { ok: false }>): void {
    const { kind, symbol } = reading;
    const isCounted = kind === 'add' || kind === 'amend' || kind === 'edit' || kind === 'batch-add';
    if (!isCounted || symbol === undefined) return;
    this.#rates.add({ account, symbol }, kind === 'batch-add' ? 1 : FIXED_COSTS[kind]);
  }

  #pairOf({ symbol }: EngineOrder): Pair | undefined {
    return this.#options.pairs.bySymbol(symbol);
  }

  /** Of the whole engine, or of the pair. */
  #explainClosed(pair: Pair | undefined, traits: OrderTraits): string | undefined {
    return (
      explainClosed(this.#options.system(), traits) ??
      (pair && explainClosed(pair.instrument.status, traits))
    );
  }

  #explainLate(deadlineAtMs: number | undefined): string | undefined {
    if (deadlineAtMs === undefined) return undefined;
    const aheadMs = deadlineAtMs - this.#options.nowMs();
    if (aheadMs <= 0) return DEADLINE_ELAPSED;
    return aheadMs > DEADLINE_AHEAD_MAX_MS ? 'EGeneral:Invalid arguments:deadline' : undefined;
  }
}

/** What an order does not have cannot be amended, nor here the distance of one that trails. */
function explainUnamendable(
  { orderType }: EngineOrder,
  { limitPrice, stopPrice, displaySize }: EngineChange,
  protocol: Protocol,
): string | undefined {
  const isStop = isTriggered(orderType) && !isTrailing(orderType);
  const wrong = (name: string): string => `EGeneral:Invalid arguments:${name}`;
  if (limitPrice !== undefined && !isLimitType(orderType)) return wrong('limit_price');
  if (stopPrice !== undefined && !isStop) return wrong('trigger_price');
  const displayName = protocol === 'v1' ? 'display_volume' : 'display_qty';
  return displaySize !== undefined && orderType !== 'iceberg' ? wrong(displayName) : undefined;
}

/** "No client's id, no triggered order" (websocket-v2/edit_order). */
function explainUneditable(original: EngineOrder, protocol: Protocol): string | undefined {
  if (original.clientOrderId !== undefined) return 'EGeneral:Invalid arguments:cl_ord_id';
  const { orderType } = original;
  return isTriggered(orderType) ? explainEngineRefusal('type-unsupported', protocol) : undefined;
}

function refuse(error: string): DeskAnswer {
  return { kind: 'refused', error };
}

function done(...outcomes: readonly OrderOutcome[]): DeskAnswer {
  return { kind: 'done', outcomes };
}
