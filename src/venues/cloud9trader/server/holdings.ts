/** What one connection holds, and what answers its requests: topics in, frames out. */
import type { PrivateTopic, PublicFamily } from '../messages.js';
import type { Account } from './account.js';
import { encodeAnswer, encodeData, encodeFailure, encodeRows } from './encode.js';
import type { ServerFrame } from './faults.js';
import type { DeskAnswer } from './order-desk.js';
import { describeUnknown, readRequest, type ClientRequest, type ServerTopic } from './request.js';
import type { SubmittedBody } from './submission.js';

/** What holdings need of their connection. */
export interface HoldingsOptions {
  readonly topicsMax: number;
  /** The owner's data, on a socket that was signed in; undefined on a public one. */
  readonly account: Account | undefined;
  readonly isKnown: (symbol: string) => boolean;
  /** The data of a public topic as it is now. */
  readonly describe: (family: PublicFamily, symbol: string) => string;
  readonly send: (frame: ServerFrame) => void;
  /** Takes orders of the owner; absent where none are taken. */
  readonly submit?: ((name: string, body: SubmittedBody) => DeskAnswer) | undefined;
}

/** The topics of one connection. */
export interface Holdings {
  holds(topic: string): boolean;
  /** Carries out one message of the client. */
  take(text: string): void;
  /** Refuses a message whatever it asks for, to its id where it has one. */
  refuse(text: string, why: string): void;
}

const NOT_SIGNED_IN = 'This topic needs an authenticated socket';
const TOO_MANY_TOPICS = 'Too many topics on this socket';
const NO_ORDERS = 'Orders are not available here';

/** How frames name what is no topic: answers to submissions. */
const SUBMIT_TOPIC = 'submit';

type TopicRequest = Extract<ClientRequest, { kind: 'request' }>;
type SubmitRequest = Extract<ClientRequest, { kind: 'submit' }>;

function findRequestId(message: ClientRequest): string | undefined {
  return 'requestId' in message ? message.requestId : undefined;
}

/** Makes the empty holdings of a new connection. */
export function createHoldings(options: HoldingsOptions): Holdings {
  const { account, send } = options;
  const held = new Set<string>();

  const fail = (text: string, requestId?: string): void => {
    const topic = requestId === undefined ? 'error' : '';
    send({ kind: 'error', topic, requestId, text: encodeFailure(requestId, text) });
  };
  /** One message for each exchange that is connected (private-channels/orders). */
  const sendPast = (name: PrivateTopic): void => {
    for (const rows of account?.rowsByExchange(name) ?? []) {
      send({ kind: 'data', topic: name, text: encodeData(name, encodeRows(rows, true)) });
    }
  };
  /** Why a topic cannot be served here. */
  const explainRefused = (name: string, topic: ServerTopic): string | undefined => {
    if (topic.kind !== 'public') return account ? undefined : `${NOT_SIGNED_IN}: ${name}`;
    return options.isKnown(topic.symbol) ? undefined : describeUnknown(name);
  };
  const request = ({ name, topic, requestId }: TopicRequest): void => {
    if (topic.kind === 'pushed') return fail(describeUnknown(name), requestId);
    if (requestId === undefined && topic.kind === 'private') return sendPast(topic.name);
    const data =
      topic.kind === 'public'
        ? options.describe(topic.family, topic.symbol)
        : encodeRows(account?.rows(topic.name) ?? [], true);
    const isAnswer = requestId !== undefined;
    const text = isAnswer ? encodeAnswer(requestId, data) : encodeData(name, data);
    send({ kind: isAnswer ? 'answer' : 'data', topic: name, requestId, text });
  };
  /** No frame acknowledges it: an unmodified client would take one for news. */
  const subscribe = (name: string, topic: ServerTopic): void => {
    if (topic.kind === 'pushed' || held.has(name)) return;
    if (held.size >= options.topicsMax) return fail(TOO_MANY_TOPICS);
    held.add(name);
    if (topic.kind === 'private') sendPast(topic.name);
  };

  /** The answer first: rows of the order follow it. */
  const submit = ({ name, body, requestId }: SubmitRequest): void => {
    if (account === undefined) return fail(`${NOT_SIGNED_IN}: submit`, requestId);
    if (options.submit === undefined) return fail(NO_ORDERS, requestId);
    const answer = options.submit(name, body);
    if (answer.kind === 'refused') return fail(answer.text, requestId);
    if (requestId !== undefined) {
      const text = encodeAnswer(requestId, JSON.stringify(body.values));
      send({ kind: 'answer', topic: SUBMIT_TOPIC, requestId, text });
    }
    answer.forward();
  };

  return {
    holds: (topic) => held.has(topic),
    refuse: (text, why) => fail(why, findRequestId(readRequest(text))),
    take(text) {
      const message = readRequest(text);
      if (message.kind === 'refused') return fail(message.text, message.requestId);
      if (message.kind === 'submit') return submit(message);
      const { name, topic } = message;
      if (message.kind === 'unsubscribe') return void held.delete(name);
      const refused = explainRefused(name, topic);
      if (refused !== undefined) return fail(refused, findRequestId(message));
      if (message.kind === 'request') request(message);
      else subscribe(name, topic);
    },
  };
}
