import { describe, expect, it } from 'vitest';
import {
  bookChange,
  connectFake,
  lastReply,
  openBooks,
  requestOf,
  subscribeV2,
} from './server-harness.js';

describe('connections', () => {
  it('echoes the first subprotocol that is offered, and agrees to no compression', () => {
    const { server } = openBooks();
    expect(server.onUpgrade(requestOf({ subprotocols: 'v1, v2' }))).toMatchObject({
      kind: 'accept',
      subprotocol: 'v1',
      compression: false,
    });
    expect(server.onUpgrade(requestOf({}))).not.toHaveProperty('subprotocol');
    expect(server.onUpgrade(requestOf({ path: '/v3' }))).toMatchObject({ status: 404 });
  });

  it('bans an address for the length of the window after 150 attempts, and no other', async () => {
    const { server, time } = openBooks();
    const dial = (address: string): string => server.onUpgrade(requestOf({ address })).kind;
    for (let attempt = 0; attempt < 150; attempt += 1) expect(dial('10.0.0.1')).toBe('accept');
    expect(dial('10.0.0.1')).toBe('refuse');
    expect(dial('10.0.0.2')).toBe('accept');
    await time.advance(599_000);
    expect(dial('10.0.0.1')).toBe('refuse');
    await time.advance(2_000);
    expect(dial('10.0.0.1')).toBe('accept');
  });

  it('refuses what comes too fast, and serves the same connection a moment later', async () => {
    const { server, time } = openBooks();
    const client = connectFake(server);
    for (let count = 1; count <= 21; count += 1) client.ask({ method: 'ping', req_id: count });
    expect(client.texts.filter((text) => text.includes('"pong"'))).toHaveLength(20);
    expect(lastReply(client)).toEqual({
      error: 'Exceeded msg rate',
      method: 'ping',
      req_id: 21,
      success: false,
    });
    await time.advance(1_000);
    client.ask({ method: 'ping' });
    expect(client.texts.at(-1)).toContain('"pong"');
  });

  it('closes a connection that holds nothing and asks nothing for a minute', async () => {
    const { server, time } = openBooks();
    const [idle, asking, holding] = [connectFake(server), connectFake(server), connectFake(server)];
    holding?.ask(subscribeV2({ channel: 'book', symbol: ['BTC/USD'] }));
    for (let count = 0; count < 4; count += 1) {
      await time.advance(30_000);
      asking?.ask({ method: 'ping' });
    }
    expect(idle?.ending()).toMatch(/^closed 1000/);
    expect([asking?.ending(), holding?.ending()]).toEqual(['open', 'open']);
  });

  it('cuts a client that reads too slowly', () => {
    const { server, tell } = openBooks();
    const client = connectFake(server);
    client.ask(subscribeV2({ channel: 'book', symbol: ['BTC/USD'] }));
    client.buffered = 33 * 1024 * 1024;
    tell(bookChange('BTC/USD', ['bid 100 9']));
    expect(client.ending()).toBe('terminated');
  });
});
