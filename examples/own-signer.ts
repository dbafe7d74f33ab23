// The key is used in another process: this one asks it for signatures and keeps no key.
// Run it against the simulator: npm run example -- own-signer
import { fork } from 'node:child_process';
import { openFeed } from 'truefeed';
import type { Signer } from 'truefeed/auth';
import { coinbase } from 'truefeed/venues/coinbase';

const keyName = process.env.COINBASE_KEY_NAME;
if (!keyName || !process.env.COINBASE_KEY_SECRET) {
  console.error('Set COINBASE_KEY_NAME, and COINBASE_KEY_SECRET for the signer.');
  process.exit(2);
}

// The signer gets the key from its environment, and this process forgets it at once. Where nobody
// who may look into this process may see it, start the signer apart, and let it read the key.
const keeper = fork(new URL('./signer-process.js', import.meta.url));
delete process.env.COINBASE_KEY_SECRET;

interface Asked {
  resolve(signature: Uint8Array): void;
  reject(error: Error): void;
}

let lastId = 0;
const waiting = new Map<number, Asked>();
keeper.on('message', (answer: { id: number; signature?: string }) => {
  const asked = waiting.get(answer.id);
  waiting.delete(answer.id);
  if (answer.signature !== undefined) asked?.resolve(Buffer.from(answer.signature, 'base64'));
  else asked?.reject(new Error('The signer could not sign.'));
});
keeper.on('exit', () => {
  for (const asked of waiting.values()) asked.reject(new Error('The signer has ended.'));
  waiting.clear();
});

const signer: Signer = {
  algorithm: 'ES256',
  sign(bytes) {
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      keeper.send({ id, bytes: Buffer.from(bytes).toString('base64') }, (error) => {
        if (error) reject(error);
      });
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
  if (event.type === 'session.closed') console.log(event.error.message); // and it dials again
  if (event.type === 'auth.accepted') {
    console.log('Signed in with a key that another process uses.');
    break;
  }
  if (event.type === 'auth.refused') {
    console.log(`Not signed in: ${event.error.message}`);
    if (event.final) break;
  }
}
keeper.disconnect();
