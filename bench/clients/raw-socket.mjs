// A bare `ws` socket that subscribes to books as the venue wants it.
import WebSocket from 'ws';

/** What to send so that books come. */
export function subscribeTexts({ venue, symbols, depth }) {
  if (venue === 'coinbase') {
    return [
      JSON.stringify({ type: 'subscribe', channel: 'heartbeats' }),
      JSON.stringify({ type: 'subscribe', channel: 'level2', product_ids: symbols }),
    ];
  }
  const params = { channel: 'book', symbol: symbols, depth, snapshot: true };
  return [JSON.stringify({ method: 'subscribe', params, req_id: 1 })];
}

/** Resolves with the open socket; `onMessage` is given each frame's bytes. */
export function openSocket(options, onMessage) {
  const socket = new WebSocket(options.url, { perMessageDeflate: false, maxPayload: 2 ** 28 });
  socket.on('message', onMessage);
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => {
      for (const text of subscribeTexts(options)) socket.send(text);
      resolve(socket);
    });
  });
}
