import { createLevelColumns, type MutableLevelColumns } from '../../src/book/level-columns.js';
import { ASK, BID, type SideIndex } from '../../src/model/levels.js';
import type { Codec, OutgoingMessage, VenueRequest } from '../../src/model/venue.js';
import { pushLevel } from '../../src/wire/book-pool.js';
import { readCount, readDecimal } from '../../src/wire/decimals.js';
import { describeValue, excerptText } from '../../src/wire/excerpt.js';
import {
  copyFields,
  isObject,
  readList,
  readSymbol,
  readText,
  toList,
  toObject,
  type RawObject,
} from '../../src/wire/fields.js';
import { parseJsonDigits } from '../../src/wire/frame-text.js';
import { createFrameAssembly, reportSkipped, type Decoding } from '../../src/wire/frame.js';
import { enter, faultAt, FieldFault, leaveList } from '../../src/wire/place.js';
import { CHANNELS, LOGIN_CHANNEL, LOGIN_OP, parseTopic, toTopic } from './messages.js';

/** One message for each topic; its id says what it asked for, so that the answer does too. */
function encodeRequest(request: VenueRequest): readonly OutgoingMessage[] {
  const { kind, channel, symbols, requestId } = request;
  if (kind === 'ping') return [{ body: { op: 'ping' }, private: false }];
  if (kind === 'request-snapshot') return [];
  const isPrivate = CHANNELS.some((rule) => rule.name === channel && rule.private);
  const topics = symbols.length > 0 ? symbols.map((one) => toTopic(channel, one)) : [];
  return (topics.length > 0 ? topics : [toTopic(channel, undefined)]).map((topic) => ({
    body: { op: kind, req_id: `${requestId}/${topic}`, args: [topic] },
    private: isPrivate,
  }));
}

function decodeAnswer(frame: RawObject, op: string, { place, messages }: Decoding): void {
  const { success } = frame;
  if (typeof success !== 'boolean') throw faultAt(place, 'success', ['true or false', success]);
  const isLogin = op === LOGIN_OP;
  const [id = '', topic = ''] = isLogin ? [] : readText(frame, 'req_id', place).split('/');
  const about = parseTopic(topic);
  const requestId = /^\d{1,15}$/.test(id) ? Number(id) : undefined;
  if (!success) {
    messages.push({
      type: 'request.refused',
      code: isLogin ? 'AUTH_REFUSED' : 'SUBSCRIPTION_REFUSED',
      venueText: excerptText(readText(frame, 'ret_msg', place)),
      likelyCause: isLogin ? 'Check the key and its secret.' : 'The topic does not exist.',
      ...(about ? { channel: about.rule.name, symbol: about.symbol } : {}),
      requestId,
    });
    return;
  }
  if (!isLogin && !about) throw faultAt(place, 'req_id', ['an id that we sent', frame['req_id']]);
  messages.push({
    type: op === 'unsubscribe' ? 'subscription.ended' : 'subscription.accepted',
    channel: about?.rule.name ?? LOGIN_CHANNEL,
    symbol: about?.symbol,
    requestId,
  });
}

function decodeBalances(frame: RawObject, { place, messages }: Decoding): void {
  enter(place, 'data');
  const balances = toList(frame['data'], place).map((item, index) => {
    place.item = index;
    const entry = toObject(item, place);
    const asset = readSymbol(entry, 'coin', place);
    const total = readDecimal(entry, 'walletBalance', place);
    return { kind: 'spot', asset, total, venueFields: copyFields(entry) };
  });
  messages.push({ type: 'balances.update', complete: true, balances });
}

function createBookDecoder() {
  const columns = createLevelColumns();
  return (frame: RawObject, symbol: string, { place, messages, frame: out }: Decoding): void => {
    const type = readText(frame, 'type', place);
    if (type !== 'snapshot' && type !== 'delta') {
      throw faultAt(place, 'type', ['snapshot or delta', type]);
    }
    out.sentAtMs = readCount(frame, 'ts', place);
    enter(place, 'data');
    const data = toObject(frame['data'], place);
    const number = readCount(data, 'u', place);
    columns.clear();
    for (const [name, side] of [['b', BID] as const, ['a', ASK] as const]) {
      readLevels(data, name, { side, columns, place });
    }
    messages.push({
      type: `book.${type}`,
      symbol,
      venueAtMs: out.sentAtMs,
      columns,
      firstNumber: number,
      lastNumber: number,
      checksum: NaN,
    });
  };
}

function readLevels(
  data: RawObject,
  name: string,
  target: Pick<Decoding, 'place'> & { side: SideIndex; columns: MutableLevelColumns },
): void {
  const { place } = target;
  for (const [index, level] of readList(data, name, place).entries()) {
    place.item = index;
    const [price, size] = Array.isArray(level) ? (level as unknown[]) : [];
    const wrong = pushLevel(target, price, size);
    if (wrong !== undefined) throw faultAt(place, '', ['two decimals', level]);
  }
  leaveList(place);
}

/** Pure, as every codec: what an answer is about stands in the id that it brings back. */
export function createSketchCodec(): Codec {
  const assembly = createFrameAssembly('sketch');
  const { decoding } = assembly;
  const decodeBook = createBookDecoder();

  function decodeText(text: string): void {
    const frame = parseJsonDigits(text);
    if (!isObject(frame)) throw new FieldFault('', 'a JSON object', describeValue(frame));
    const { op } = frame;
    if (op === 'pong') return;
    if (op === LOGIN_OP || op === 'subscribe' || op === 'unsubscribe') {
      return decodeAnswer(frame, op, decoding);
    }
    if (typeof op === 'string') return reportSkipped(decoding, op, 'The operation is not known.');
    const topic = readText(frame, 'topic', decoding.place);
    const about = parseTopic(topic);
    if (!about) return reportSkipped(decoding, topic, 'The topic is not known.');
    decoding.frame.channel = about.rule.name;
    if (about.symbol === undefined) decodeBalances(frame, decoding);
    else decodeBook(frame, about.symbol, decoding);
  }

  return {
    encode: encodeRequest,
    decode(bytes) {
      assembly.start();
      assembly.decode(bytes, [], decodeText);
      return decoding.frame;
    },
  };
}
