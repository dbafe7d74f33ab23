// A user's program around coinbase-api: follow your own orders. Address and key come from outside.
import { WebsocketClient } from 'coinbase-api';

const { WS_URL: wsUrl, KEY_NAME: apiKey, PRIVATE_KEY: apiSecret } = process.env;
const silent = { trace() {}, info() {}, error() {} };
const client = new WebsocketClient({ wsUrl, apiKey, apiSecret }, silent);

try {
  client.on('exception', (event) => console.log('told:', event.message));
  client.on('response', () => {
    console.log('signed in');
    client.closeAll(true);
  });
  client.subscribe('user', 'advTradeUserData');
} catch (error) {
  console.log('caught:', error.message);
}
