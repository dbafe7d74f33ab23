// The key stays in another process: this one asks it for signatures and never sees the key.
// Run it against the simulator: npm run example -- own-signer
import { fork } from 'node:child_process';
import { openFeed } from 'truefeed';
import type { Signer } from 'truefeed/auth';
import { coinbase } from 'truefeed/venues/coinbase';

const keyName = process.env.COINBASE_KEY_NAME;
if (!keyName) throw new Error('Set COINBASE_KEY_NAME, and COINBASE_KEY_SECRET for the signer.');

// The signer gets the key from its own environment; this process forgets it at once.
const keeper = fork(new URL('./signer-process.js', import.meta.url));
delete process.env.COINBASE_KEY_SECRET;

let lastId = 0;
const waiting = new Map<number, (signature: Uint8Array) => void>();
keeper.on('message', (answer: { id: number; signature: string }) => {
  waiting.get(answer.id)?.(Buffer.from(answer.signature, 'base64'));
  waiting.delete(answer.id);
});

const signer: Signer = {
  algorithm: 'ES256',
  sign(bytes) {
    lastId += 1;
    const id = lastId;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      keeper.send({ id, bytes: Buffer.from(bytes).toString('base64') });
    });
  },
};

const { COINBASE_WS_URL: marketUrl, COINBASE_USER_WS_URL: userUrl } = process.env;
await using feed = openFeed({
  venue: coinbase({ marketUrl, userUrl }),
  credentials: { keyName, signer },
  subscriptions: [{ channel: 'user' }],
});

for await (const event of feed.events()) {
  if (event.type === 'auth.accepted') {
    console.log('Signed in with a key that this process has never seen.');
    break;
  }
  if (event.type === 'auth.refused') {
    console.log(`Not signed in: ${event.error.message}`);
    if (event.final) break;
  }
}
keeper.disconnect();
