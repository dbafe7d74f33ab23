// Floors: what it costs to receive the frames with `ws` and do nothing (`receive`), to parse them
// and do nothing (`parse`), or only to read the bytes from a socket (`read`). No book is kept.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { openSocket, subscribeTexts } from './raw-socket.mjs';
import { createProgress } from './progress.mjs';

const SNAPSHOT = Buffer.from('"snapshot"');
const QUIET_MS = 300;
const UPDATE = { coinbase: '"update","product_id"', kraken: '"book","type":"update"' };

/** A client frame, masked with zeros, which leaves the text as it is. */
function frameRequest(text) {
  const bytes = Buffer.from(text);
  const head = bytes.length < 126 ? [0x81, 0x80 | bytes.length] : [0x81, 0xfe, 0, 0];
  const frame = Buffer.from([...head, 0, 0, 0, 0]);
  if (bytes.length >= 126) frame.writeUInt16BE(bytes.length, 2);
  return Buffer.concat([frame, bytes]);
}

async function openReader(options) {
  const { hostname, port } = new URL(options.url);
  const progress = createProgress();
  const socket = connect(Number(port), hostname);
  const key = randomBytes(16).toString('base64');
  socket.write(
    `GET / HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  let received = 0;
  let answered = false;
  socket.on('data', (bytes) => {
    received += bytes.length;
    progress.add(bytes.length);
    if (answered) return;
    answered = true;
    for (const text of subscribeTexts(options)) socket.write(frameRequest(text));
  });
  await new Promise((resolve, reject) => {
    socket.on('error', reject);
    // The snapshot is over when nothing more comes; this reader cannot know it otherwise.
    let seen = 0;
    const timer = setInterval(() => {
      if (received > options.snapshotBytes && received === seen) {
        clearInterval(timer);
        resolve();
      }
      seen = received;
    }, QUIET_MS);
  });
  let expected = received;
  return {
    reached({ bytes }) {
      expected += bytes;
      return progress.until(expected);
    },
    best: () => undefined,
    facts: () => ({}),
    close: () => socket.destroy(),
  };
}

/** `reads` is `read`, `receive` or `parse`. */
export async function openClient(options) {
  if (options.reads === 'read') return openReader(options);
  const progress = createProgress();
  const needle = Buffer.from(UPDATE[options.venue]);
  const isUpdate = (bytes) => bytes.subarray(0, 160).includes(needle);
  let toSnapshots = options.symbols.length;
  let resolveLive;
  const live = new Promise((resolve) => (resolveLive = resolve));
  const parse = options.reads === 'parse';
  let onUpdate = false;
  let parsed = 0;
  const socket = await openSocket(options, (bytes) => {
    if (onUpdate) {
      if (parse) parsed += JSON.parse(bytes.toString('utf8')).channel.length;
      progress.add(1);
      return;
    }
    if (bytes.subarray(0, 200).includes(SNAPSHOT)) {
      toSnapshots -= 1;
      if (toSnapshots === 0) resolveLive();
    } else if (isUpdate(bytes)) {
      onUpdate = true;
      progress.add(1);
    }
  });
  await live;
  return {
    reached: ({ messages }) => progress.until(messages),
    best: () => undefined,
    facts: () => ({ parsed }),
    close: () => socket.terminate(),
  };
}
