/** What clients ask about orders, in the terms of both protocols, and what comes of it. */
import type {
  EngineChange,
  EngineOrder,
  EngineOrderRequest,
  EngineTarget,
} from '../../../../model/matching.js';
import type { Pair } from '../pairs.js';

/** An order before it is known whose it is. */
export type OrderDraft = Omit<EngineOrderRequest, 'account' | 'symbol'>;

/** How an order is named: by exactly one of them. Several orders may have the same number. */
export interface OrderName {
  /** As the venue spells it. */
  readonly orderId?: string;
  readonly clientOrderId?: string;
  /** The client's own number. */
  readonly userref?: string;
}

/** Until when a command may reach the engine: Unix milliseconds. */
interface WithDeadline {
  readonly deadlineAtMs: number | undefined;
}

/** What an edit makes anew; everything else is as it was. */
export interface OrderEdit {
  readonly size?: string | undefined;
  readonly limitPrice?: string | undefined;
  readonly displaySize?: string | undefined;
  readonly postOnly?: boolean | undefined;
  readonly reduceOnly?: boolean | undefined;
  readonly feePreference?: FeePreference | undefined;
  readonly userref?: string | undefined;
}

/** In which currency fees are wished for. */
export type FeePreference = 'fcib' | 'fciq';

/** A request that is well-formed; whether the engine does it is another matter. */
export type OrderCommand =
  | ({
      readonly kind: 'add' | 'batch-add';
      readonly pair: Pair;
      readonly orders: readonly OrderDraft[];
      readonly validate: boolean;
    } & WithDeadline)
  | ({
      readonly kind: 'amend';
      readonly name: OrderName;
      readonly change: EngineChange;
      /** Where it is named it has to be that of the order. */
      readonly pair: Pair | undefined;
    } & WithDeadline)
  | ({
      readonly kind: 'edit';
      readonly name: OrderName;
      readonly pair: Pair;
      readonly edit: OrderEdit;
      readonly validate: boolean;
    } & WithDeadline)
  | { readonly kind: 'cancel' | 'batch-cancel'; readonly names: readonly OrderName[] }
  | { readonly kind: 'cancel-all' }
  | { readonly kind: 'cancel-all-after'; readonly timeoutSeconds: number };

/** The kinds of commands. */
export type OrderCommandKind = OrderCommand['kind'];

/** A command, or why there is none. */
export type OrderReading =
  | { readonly ok: true; readonly command: OrderCommand }
  | {
      readonly ok: false;
      readonly kind: OrderCommandKind;
      readonly error: string;
      /** The pair, in the market's own name, where the request got so far as to name one. */
      readonly symbol: string | undefined;
    };

/** What became of one order. */
export type OrderOutcome =
  | { readonly ok: false; readonly error: string; readonly name?: OrderName }
  | {
      readonly ok: true;
      readonly name?: OrderName;
      /** Absent where it was only checked, and of commands about no order in particular. */
      readonly order?: EngineOrder;
      readonly isCheckOnly?: boolean;
      /** The order that an edit replaced, as the venue spells it. */
      readonly originalOrderId?: string;
      readonly amendId?: string;
      readonly count?: number;
      /** Times of the switch, Unix milliseconds of whole seconds; no trigger: it was called off. */
      readonly switch?: { readonly nowMs: number; readonly triggersAtMs: number | undefined };
    };

/** What came of a command: nothing at all, or something for each of its orders. */
export type DeskAnswer =
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'done'; readonly outcomes: readonly OrderOutcome[] };

/** What the server keeps with an order, beside what the engine needs. */
export interface OrderNotes {
  readonly userref: string | undefined;
  readonly feePreference: FeePreference;
  /** Which price a trigger looks at, in the client's words. */
  readonly triggerReference: 'last' | 'index';
}

/** The notes of an order, also of one that came into the engine by another way. */
export function notesOf({ side, venueFields }: Pick<EngineOrder, 'side' | 'venueFields'>) {
  const { userref, feePreference, triggerReference } = venueFields;
  const notes: OrderNotes = {
    userref: typeof userref === 'string' ? userref : undefined,
    feePreference:
      feePreference === 'fcib' || feePreference === 'fciq'
        ? feePreference
        : defaultFeePreference(side),
    triggerReference: triggerReference === 'index' ? 'index' : 'last',
  };
  return notes;
}

/** "In quote currency for buys, in base currency for sells" (websocket-v2/add_order). */
export function defaultFeePreference(side: 'buy' | 'sell'): FeePreference {
  return side === 'buy' ? 'fciq' : 'fcib';
}

/** How the engine names an order that was found. */
export function targetOf({ orderId }: EngineOrder): EngineTarget {
  return { orderId };
}
