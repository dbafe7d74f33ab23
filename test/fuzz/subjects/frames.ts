import { createHash } from 'node:crypto';
import type { Codec } from '../../../src/model/venue.js';
import { createCloud9TraderCodec } from '../../../src/venues/cloud9trader/codec.js';
import { createCoinbaseCodec } from '../../../src/venues/coinbase/codec.js';
import { createKrakenCodec } from '../../../src/venues/kraken/codec.js';
import { createKrakenV1Codec } from '../../../src/venues/kraken/v1/codec.js';
import { toPlainFrame } from '../../contract/plain-message.js';
import type { VenueFixtures } from '../../contract/venue.js';
import { cloud9traderFixtures } from '../../venues/cloud9trader/fixtures.js';
import { coinbaseFixtures } from '../../venues/coinbase/fixtures.js';
import { krakenFixtures } from '../../venues/kraken/fixtures.js';
import { krakenV1Fixtures } from '../../venues/kraken/v1/fixtures.js';
import { recordedFrames } from '../samples.js';
import { serveFrames } from '../served.js';
import { requirePlain, type FuzzSubject } from '../subject.js';
import { requireFrameShape } from './frame-shape.js';

const KRAKEN_OPTIONS = { bookDepth: 10, candleMinutes: 1, tickerTrigger: 'trades' } as const;

const CODECS: readonly (readonly [string, Codec, VenueFixtures])[] = [
  ['coinbase', createCoinbaseCodec({ numberedBySymbol: false }), coinbaseFixtures],
  ['kraken', createKrakenCodec(KRAKEN_OPTIONS), krakenFixtures],
  ['kraken-v1', createKrakenV1Codec(KRAKEN_OPTIONS), krakenV1Fixtures],
  ['cloud9trader', createCloud9TraderCodec(), cloud9traderFixtures],
];

/** The client halves' codecs. */
export async function frameSubjects(): Promise<FuzzSubject[]> {
  const served = await serveFrames();
  return CODECS.map(([name, codec, fixtures]) => ({
    name: `frames/${name}`,
    corpus: [
      ...fixtures.frames.map(({ frame }) => frame.trim()),
      ...fixtures.refusals.map(({ frame }) => frame),
      ...fixtures.unknownFrames,
      ...(served[name] ?? []),
      ...recordedFrames(name),
    ],
    codes: ['FRAME_INVALID'],
    read(bytes) {
      const plain = toPlainFrame(codec.decode(bytes));
      requireFrameShape(plain);
      for (const message of plain.messages) requirePlain(message);
    },
  }));
}

/** A run of 40 is masked wherever it stands; a shorter one may be an id. */
const SHOWN_CHARACTERS_MAX = 40;
/** Of the lengths that tokens and their segments have; nothing in them repeats. */
const TOKEN = createHash('sha512').update('token').digest('base64').slice(0, 60);
const SEGMENTS = ['claims', 'signature'].map((text) =>
  createHash('sha512').update(text).digest('base64url').slice(0, 80),
);
const JWT = `eyJhbGciOiJFUzI1NiJ9.${SEGMENTS.join('.')}`;

/** Frames that repeat what we sent, as a server or a proxy may. */
const ECHOES: readonly string[] = [
  ...[
    { type: 'subscribe', channel: 'user', jwt: JWT },
    { method: 'add_order', params: { token: TOKEN, symbol: 'BTC/USD' }, error: 7, success: false },
    { event: 'addOrder', token: TOKEN, errorMessage: 7, status: 'error' },
    ['orders', { 'x-c9t-signature': TOKEN }],
    { channel: 'ticker', sequence_num: 'x', jwt: JWT, events: [{ token: TOKEN }] },
    ['7#orders', `Bad token ${TOKEN}`, { a: 1 }],
  ].map((echo) => JSON.stringify(echo)),
  `HTTP/1.1 502 Bad Gateway\r\nauthorization: Bearer ${JWT}\r\n\r\n${TOKEN}`,
];

/** The same codecs on such frames: whatever becomes of them, no error shows what is in them. */
export function echoSubjects(): FuzzSubject[] {
  const secrets = [TOKEN, JWT].map((text) => ({
    text,
    pieceCharacters: SHOWN_CHARACTERS_MAX + 1,
    onlyWhole: true,
  }));
  return CODECS.map(([name, codec]) => ({
    name: `echoes/${name}`,
    corpus: ECHOES,
    codes: ['FRAME_INVALID'],
    secrets,
    read: (bytes) => codec.decode(bytes),
  }));
}
