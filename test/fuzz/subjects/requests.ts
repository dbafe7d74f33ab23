/** The server halves: readers of one request, and whole servers that are spoken to. */
import * as cloud9traderRequest from '../../../src/venues/cloud9trader/server/request.js';
import { readSubmission } from '../../../src/venues/cloud9trader/server/submission.js';
import { readRequest as readCoinbase } from '../../../src/venues/coinbase/server/request.js';
import { readV1Request } from '../../../src/venues/kraken/server/request-v1.js';
import { readV2Request } from '../../../src/venues/kraken/server/request-v2.js';
import * as cloud9trader from '../../venues/cloud9trader/server/server-harness.js';
import * as coinbase from '../../venues/coinbase/server/server-harness.js';
import { connectFake } from '../../venues/kraken/server/server-harness.js';
import { issueToken } from '../../venues/kraken/server/token-call.js';
import { openTrader } from '../../venues/kraken/server/trader-harness.js';
import { require, type FuzzSubject } from '../subject.js';
import { CLOUD9TRADER, COINBASE, krakenV1Requests, krakenV2Requests } from './request-corpus.js';

const KINDS = {
  coinbase: ['unreadable', 'unknown-channel', 'subscribe', 'unsubscribe'],
  kraken: ['refused', 'ping', 'order', 'subscribe', 'unsubscribe'],
  'kraken-v1': ['error', 'ping', 'order', 'subscribe', 'unsubscribe'],
  cloud9trader: ['refused', 'submit', 'request', 'subscribe', 'unsubscribe'],
} as const;

/** What a client sends as its number is echoed as a number. */
const JSON_NUMBER = /^-?\d+(e\+\d+)?$/;

const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';

function readRequestOf(venue: keyof typeof KINDS, text: string): void {
  switch (venue) {
    case 'coinbase': {
      const request = readCoinbase(text);
      require(KINDS.coinbase.some((one) => one === request.kind), 'Another kind', request);
      if (!('symbols' in request)) return;
      require(request.symbols?.every((one) => typeof one === 'string') ?? true, 'No symbols');
      return require(isText(request.jwt), 'No token', request);
    }
    case 'kraken': {
      const request = readV2Request(text, (symbol) => symbol.length < 9);
      require(KINDS.kraken.some((one) => one === request.kind), 'Another kind', request);
      const { requestId } = request.echo;
      return require(requestId === undefined ||
        JSON_NUMBER.test(requestId), 'No digits', requestId);
    }
    case 'kraken-v1': {
      const request = readV1Request(text, (symbol) => (symbol.length < 9 ? symbol : undefined));
      require(KINDS['kraken-v1'].some((one) => one === request.kind), 'Another kind', request);
      const { requestId } = request;
      return require(requestId === undefined ||
        JSON_NUMBER.test(requestId), 'No digits', requestId);
    }
    case 'cloud9trader': {
      const request = cloud9traderRequest.readRequest(text);
      require(KINDS.cloud9trader.some((one) => one === request.kind), 'Another kind', request);
      if (request.kind !== 'submit') return;
      const submission = readSubmission(request.name, request.body);
      require(['order', 'cancel', 'refused'].includes(submission.kind), 'No submission');
    }
  }
}

function requireAnswers(texts: readonly string[]): void {
  for (const text of texts) JSON.parse(text);
}

interface Talk {
  readonly say: (text: string) => void;
  readonly texts: readonly string[];
  readonly close: () => void;
}

/** A server of its own for each case, so that a case plays the same by itself. */
const OPENERS: Readonly<Record<keyof typeof KINDS, () => Talk>> = {
  coinbase() {
    const { server } = coinbase.openScripted();
    const served: { handler?: { onMessage(text: string): void } } = {};
    const texts: string[] = [];
    const request = { method: 'GET', path: '/', query: new URLSearchParams() };
    served.handler = server.onConnection(
      {
        id: 1,
        send: (text) => void texts.push(text),
        bufferedBytes: () => 0,
        close: () => undefined,
        terminate: () => undefined,
      },
      { ...request, headers: {}, remoteAddress: '127.0.0.1', body: '' },
    );
    return {
      say: (text) => served.handler?.onMessage(text),
      texts,
      close: () => server.close(),
    };
  },
  kraken() {
    const { server } = openTrader();
    const token = issueToken(server);
    const client = connectFake(server, { path: '/auth/v2' });
    const say = (text: string): void => client.ask(text.replaceAll('TOKEN', token));
    return { say, texts: client.texts, close: () => server.close() };
  },
  'kraken-v1'() {
    const { server } = openTrader();
    const token = issueToken(server);
    const client = connectFake(server, { path: '/auth' });
    const say = (text: string): void => client.ask(text.replaceAll('TOKEN', token));
    return { say, texts: client.texts, close: () => server.close() };
  },
  cloud9trader() {
    const { server, connect } = cloud9trader.openServer();
    const client = connect({ signed: true });
    const say = (text: string): void => client.say(text);
    return { say, texts: client.texts, close: () => server.close() };
  },
};

const CORPORA: Readonly<Record<keyof typeof KINDS, readonly string[]>> = {
  coinbase: COINBASE,
  kraken: krakenV2Requests(),
  'kraken-v1': krakenV1Requests(),
  cloud9trader: CLOUD9TRADER,
};

/** By venue: what reads one message, and a server that is told several. */
export function requestSubjects(): FuzzSubject[] {
  const venues = Object.keys(KINDS) as (keyof typeof KINDS)[];
  return venues.flatMap((venue): FuzzSubject[] => [
    {
      name: `requests/${venue}`,
      corpus: CORPORA[venue],
      codes: [],
      read: (bytes) => readRequestOf(venue, bytes.toString()),
    },
    {
      name: `servers/${venue}`,
      corpus: [...CORPORA[venue], CORPORA[venue].join('\n')],
      codes: [],
      read(bytes) {
        const { say, texts, close } = OPENERS[venue]();
        for (const line of bytes.toString().split('\n')) say(line);
        requireAnswers(texts);
        close();
      },
    },
  ]);
}
