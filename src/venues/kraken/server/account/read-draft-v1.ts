/** A new order of v1 (websocket-v1/addorder). Pure. */
import type { Fields } from '../request-fields.js';
import {
  decimalOf,
  feePreferenceOf,
  isTrue,
  priceOf,
  readFlags,
  textOf,
  userrefOf,
} from './fields-v1.js';
import { defaultFeePreference, type OrderDraft } from './order-command.js';
import {
  checkDraft,
  FIELD_NAMES,
  isLimitType,
  isTrailing,
  isTriggered,
  ORDER_TYPES,
  refuseMargin,
  refuseNoMpp,
  SELF_TRADES,
  SIDES,
  TIMES_IN_FORCE,
  TRIGGER_REFERENCES,
} from './order-draft.js';
import { findClientOrderId, pickWord, readPositive, wrongArgument } from './order-fields.js';

const MS_PER_SECOND = 1_000;

/** Throws the venue's text for what is wrong. */
export function readDraftV1(fields: Fields, nowMs: number): OrderDraft {
  const orderType = pickWord(ORDER_TYPES, textOf(fields, 'ordertype'), 'ordertype');
  const side = pickWord(SIDES, textOf(fields, 'type'), 'type');
  const flags = readFlags(fields);
  if (flags.has('nompp')) refuseNoMpp(orderType);
  refuseUnserved(fields);
  const prices = readPrices(fields, { orderType, side });
  const volume = decimalOf(fields, 'volume');
  const inQuote = flags.has('viqc');
  const timeInForce = (textOf(fields, 'timeinforce') ?? 'GTC').toLowerCase();
  const draft: OrderDraft = {
    side,
    orderType,
    ...prices,
    size: inQuote ? undefined : volume,
    value: inQuote ? volume : undefined,
    timeInForce: pickWord(TIMES_IN_FORCE, timeInForce, 'timeinforce'),
    expiresAtMs: readExpiry(fields, nowMs),
    postOnly: flags.has('post'),
    reduceOnly: isTrue(fields['reduce_only']),
    displaySize: decimalOf(fields, 'displayvol'),
    selfTrade: pickWord(
      SELF_TRADES,
      (textOf(fields, 'stp_type') ?? 'cancel-newest').replaceAll('-', '_'),
      'stp_type',
    ),
    clientOrderId: findClientOrderId({ values: fields, digits: fields }),
    venueFields: {
      userref: userrefOf(fields, 'userref'),
      feePreference: feePreferenceOf(flags) ?? defaultFeePreference(side),
      triggerReference: pickWord(
        TRIGGER_REFERENCES,
        textOf(fields, 'trigger') ?? 'last',
        'trigger',
      ),
    },
  };
  checkDraft(draft, FIELD_NAMES.v1, nowMs);
  return draft;
}

/** What this exchange does not do. */
function refuseUnserved(fields: Fields): void {
  const { leverage, margin, starttm } = fields;
  const hasLeverage = leverage !== undefined && leverage !== 'none';
  if (hasLeverage || isTrue(margin)) refuseMargin();
  if (starttm !== undefined && starttm !== '0') throw wrongArgument('starttm');
  for (const name of ['close[ordertype]', 'close[price]', 'close[price2]']) {
    if (fields[name] !== undefined) throw wrongArgument(name);
  }
}

/** `price` is the limit, or the trigger where there is one, and then `price2` is the limit. */
function readPrices(fields: Fields, { orderType, side }: Pick<OrderDraft, 'orderType' | 'side'>) {
  if (isTrailing(orderType)) {
    const trailBy = readDistance(fields, 'price', '+');
    if (!isLimitType(orderType)) return { trailBy, limitPrice: priceOf(fields, 'price2') };
    return { trailBy, limitBy: readDistance(fields, 'price2', side === 'buy' ? '+' : '-') };
  }
  const price = priceOf(fields, 'price');
  const price2 = priceOf(fields, 'price2');
  if (isTriggered(orderType)) return { stopPrice: price, limitPrice: price2 };
  if (price2 !== undefined) throw wrongArgument('price2');
  return { limitPrice: price };
}

/** A distance to the market, or of a limit to its trigger; what lies the other way is not done. */
function readDistance(fields: Fields, name: string, sign: '+' | '-'): string {
  const text = textOf(fields, name) ?? '';
  if (!text.startsWith(sign)) throw wrongArgument(name);
  return readPositive(text.slice(1), name);
}

/** Unix seconds, or seconds from now with a plus; zero says that there is none. */
function readExpiry(fields: Fields, nowMs: number): number | undefined {
  const text = textOf(fields, 'expiretm');
  if (text === undefined || text === '0') return undefined;
  const [, plus, digits = ''] = /^(\+?)(\d{1,10})$/.exec(text) ?? [];
  if (digits === '') throw wrongArgument('expiretm');
  return Number(digits) * MS_PER_SECOND + (plus === '+' ? nowMs : 0);
}
