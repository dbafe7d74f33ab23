/** What `balances` tells (websocket-v2/balances; recorded 2024-05). Pure. */
import type { EngineBalance, LedgerEntry } from '../../../../model/matching.js';
import { assetPrecision } from '../encode-v2.js';
import { quote, writeObject } from '../json-text.js';
import { printDecimal } from '../number-text.js';
import { toMicroseconds } from '../time-text.js';
import type { AccountMessage } from './account-message.js';
import { toVenueId } from './venue-ids.js';

const WALLET_TYPE = 'spot';
const WALLET_ID = 'main';

/** What an account has of an asset, reserved parts included, all in the wallet that trades. */
export function describeBalance({ asset, total }: EngineBalance): AccountMessage {
  const balance = printDecimal(total, assetPrecision(asset));
  const wallet = writeObject([
    ['type', quote(WALLET_TYPE)],
    ['id', quote(WALLET_ID)],
    ['balance', balance],
  ]);
  return {
    symbol: '',
    type: 'balance',
    fields: [
      ['asset', quote(asset)],
      ['asset_class', '"currency"'],
      ['balance', balance],
      ['wallets', `[${wallet}]`],
    ],
  };
}

/** One entry of the ledger. */
export function describeLedgerEntry(entry: LedgerEntry): AccountMessage {
  const { asset, kind } = entry;
  const print = (value: string): string => printDecimal(value, assetPrecision(asset));
  // Both entries of a trade refer to it; `executions` has it under the same id.
  const reference = toVenueId(kind === 'trade' ? 'T' : 'Q', entry.refId);
  return {
    symbol: '',
    type: kind,
    fields: [
      ['ledger_id', quote(toVenueId('L', entry.ledgerId))],
      ['ref_id', quote(reference)],
      ['timestamp', quote(toMicroseconds(entry.time))],
      ['type', quote(kind)],
      ['asset', quote(asset)],
      ['asset_class', '"currency"'],
      ['category', quote(kind)],
      ['wallet_type', quote(WALLET_TYPE)],
      ['wallet_id', quote(WALLET_ID)],
      ['amount', print(entry.amount)],
      ['fee', print(entry.fee)],
      ['balance', print(entry.balance)],
    ],
  };
}
