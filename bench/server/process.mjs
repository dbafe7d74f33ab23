// The exchange in a process of its own. It is told by its parent what to serve, says where, and
// then sends one phase of updates after the other when it is told to.
import { WebSocketServer } from 'ws';
import { createCoinbaseExchange } from './coinbase-exchange.mjs';
import { createKrakenExchange } from './kraken-exchange.mjs';

const MAKERS = { coinbase: createCoinbaseExchange, kraken: createKrakenExchange };

const exchange = MAKERS[process.argv[2]](JSON.parse(process.argv[3]));
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
const connections = new Set();

server.on('connection', (socket) => {
  const connection = exchange.accept(socket);
  connections.add(connection);
  socket.on('close', () => connections.delete(connection));
  socket.on('error', () => socket.terminate());
});
server.on('listening', () => {
  const url = `ws://127.0.0.1:${server.address().port}`;
  process.send({ kind: 'listening', url, facts: exchange.facts });
});
process.on('message', ({ phase, ask }) => {
  if (ask === 'snapshot') process.send({ kind: 'snapshot', atMs: exchange.snapshotSentAtMs() });
  else for (const connection of connections) connection.play(phase);
});
process.on('disconnect', () => process.exit(0));
