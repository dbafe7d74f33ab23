// coinbase-api's WebsocketClient: parses every message and hands it on. It keeps no book.
import { WebsocketClient } from 'coinbase-api';
import { createProgress } from './progress.mjs';

const SOCKET = 'advTradeMarketData';
const SILENT = { trace: () => undefined, info: () => undefined, error: () => undefined };

/** Counts the updates that it emits. */
export async function openClient({ url, symbols }) {
  const progress = createProgress();
  const client = new WebsocketClient({ wsUrl: url }, SILENT);
  let resolveLive;
  const live = new Promise((resolve) => (resolveLive = resolve));
  client.on('update', ({ channel, events }) => {
    if (channel !== 'l2_data') return;
    if (events[0].type === 'snapshot') resolveLive();
    else progress.add(1);
  });
  client.on('exception', (error) => process.send({ kind: 'failed', failure: String(error) }));
  client.subscribe({ topic: 'level2', payload: { product_ids: symbols } }, SOCKET);
  await live;
  return {
    reached: ({ messages }) => progress.until(messages),
    best: () => undefined,
    facts: () => ({}),
    close: () => client.closeAll(true),
  };
}
