import type { BalanceReport } from '../../model/account.js';
import { findDecimal, readDecimal } from '../../wire/decimals.js';
import { copyFields, findText, isObject, readText, type RawObject } from '../../wire/fields.js';
import type { Decoding } from '../../wire/frame.js';
import type { UpdateKind } from '../../wire/market.js';
import { faultAt, type Place } from '../../wire/place.js';
import { forEachEntry } from './decoding.js';

/** The wallet that trades; the others earn. */
const MAIN_WALLET = 'spot/main';

/**
 * Decodes `balances`. A snapshot names each wallet of an asset, an update is one entry of the
 * ledger with the balance of its wallet after it (websocket-v2/balances; recorded 2024-05). What
 * open orders reserve is not taken off.
 */
export function decodeBalances(frame: RawObject, type: UpdateKind, decoding: Decoding): void {
  const balances: BalanceReport[] = [];
  forEachEntry(frame, decoding, (entry) => {
    const { place } = decoding;
    const asset = readText(entry, 'asset', place);
    const kind = findText(entry, 'asset_class', place) ?? 'currency';
    const venueFields = copyFields(entry);
    if (type === 'update') {
      const wallet = nameWallet(entry, ['wallet_type', 'wallet_id'], place);
      const total = readDecimal(entry, 'balance', place);
      balances.push({ asset, total, kind, ...wallet, venueFields });
      return;
    }
    const wallets = readWallets(entry, place);
    for (const raw of wallets) {
      const total = readDecimal(raw, 'balance', place);
      const wallet = nameWallet(raw, ['type', 'id'], place);
      balances.push({ asset, total, kind, ...wallet, venueFields: copyFields(raw) });
    }
    if (wallets.length > 0) return;
    balances.push({ asset, total: findDecimal(entry, 'balance', place) ?? '0', kind, venueFields });
  });
  const messageType = type === 'snapshot' ? 'balances.snapshot' : 'balances.update';
  decoding.messages.push({ type: messageType, balances, complete: true });
}

function readWallets(entry: RawObject, place: Place): readonly RawObject[] {
  const wallets = entry['wallets'];
  if (wallets === undefined || wallets === null) return [];
  if (!Array.isArray(wallets) || !wallets.every(isObject)) {
    throw faultAt(place, 'wallets', ['a list of objects', wallets]);
  }
  return wallets;
}

/** The main wallet has no name of its own: it is what people mean by their balance. */
function nameWallet(
  from: RawObject,
  [typeName, idName]: readonly [string, string],
  place: Place,
): { readonly wallet?: string } {
  const type = findText(from, typeName, place) ?? 'spot';
  const id = findText(from, idName, place) ?? 'main';
  const name = `${type}/${id}`;
  return name === MAIN_WALLET ? {} : { wallet: name };
}
