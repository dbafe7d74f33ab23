// Follow your own orders: a key is needed, and a token is made for each message that needs one.
// Run it against the simulator: npm run example -- private-user
import { openFeed } from 'truefeed';
import { coinbase } from 'truefeed/venues/coinbase';

const { COINBASE_KEY_NAME: keyName, COINBASE_KEY_SECRET: privateKey } = process.env;
if (!keyName || !privateKey) {
  console.error('Set COINBASE_KEY_NAME and COINBASE_KEY_SECRET.');
  process.exit(2);
}

const { COINBASE_WS_URL: marketUrl, COINBASE_USER_WS_URL: userUrl } = process.env;

await using feed = openFeed({
  venue: coinbase({ marketUrl, userUrl }),
  credentials: { keyName, privateKey },
  subscriptions: [{ channel: 'user' }],
});

feed.on('auth.accepted', () => console.log('Signed in.'));
feed.on('auth.refused', (event) => console.log(`Not signed in: ${event.error.message}`));
feed.on('session.closed', ({ error }) => console.log(error.message)); // and it dials again
feed.on('order.changed', (event) => {
  const { order } = event;
  console.log(`${order.orderId} ${order.side} ${order.symbol}: ${order.status}`);
});

// Runs until the sign-in is settled; a program of yours would go on.
for await (const event of feed.events()) {
  if (event.type === 'auth.accepted') break;
  if (event.type === 'auth.refused' && event.final) break;
}
