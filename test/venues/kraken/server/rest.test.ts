import { describe, expect, it } from 'vitest';
import { API_KEY, connectFake, ladder, openScripted, openSynthetic } from './server-harness.js';
import { askToken, callRest, issueToken, readAnswer, sign, TOKEN_PATH } from './token-call.js';

const LEVEL3 = (token: string, symbol = 'BTC/USD'): object => ({
  method: 'subscribe',
  params: { channel: 'level3', symbol: [symbol], token },
});

describe('the token', () => {
  it('is 43 characters for 900 seconds, its slashes escaped', () => {
    const { server } = openScripted();
    const answers = Array.from({ length: 15 }, () => askToken(server));
    expect(answers.some((one) => one?.body.includes('\\/'))).toBe(true);
    expect(answers.every((one) => !/[^\\]\//.test(one?.body ?? '/'))).toBe(true);
    expect(readAnswer(answers[0])).toEqual({
      error: [],
      result: { token: expect.stringMatching(/^[A-Za-z0-9+/]{43}$/) as string, expires: 900 },
    });
  });

  it('opens private channels, and is checked at each message', async () => {
    const { server, time, tell } = openScripted();
    tell(ladder('BTC/USD', 12));
    tell(ladder('DOGE/USD', 12));
    const token = issueToken(server);
    const client = connectFake(server, { path: '/l3/v2' });
    client.ask(LEVEL3(token));
    expect(client.texts[1]).toContain('"channel":"level3","snapshot":true,"symbol":"BTC/USD"');
    expect(client.texts[2]).toContain('{"channel":"level3","type":"snapshot"');
    client.ask({ method: 'subscribe', params: { channel: 'balances', token } });
    expect(client.texts.at(-1)).toBe(
      '{"channel":"balances","type":"snapshot","data":[],"sequence":1}',
    );
    await time.advance(1_000_000);
    client.ask(LEVEL3(token, 'DOGE/USD'));
    expect(client.texts.at(-1)).toContain('{"channel":"level3","type":"snapshot"');
    client.leave();
  });

  it('ends unused after 900 seconds', async () => {
    const { server, time } = openSynthetic(3, { products: [] });
    const token = issueToken(server);
    await time.advance(899_000);
    const early = connectFake(server);
    early.ask({ method: 'subscribe', params: { channel: 'balances', token } });
    expect(early.texts.at(-1)).toContain('"sequence":1');
    early.leave();
    await time.advance(2_000);
    const late = connectFake(server);
    late.ask({ method: 'subscribe', params: { channel: 'balances', token } });
    expect(late.texts.at(-1)).toContain('ESession:Invalid session');
  });

  it('is refused after all were revoked', () => {
    const { server } = openSynthetic(3);
    const token = issueToken(server);
    server.revokeTokens();
    const client = connectFake(server);
    client.ask(LEVEL3(token));
    expect(client.texts.at(-1)).toContain('"error":"ESession:Invalid session"');
  });

  const body = 'nonce=9';
  const good = { 'api-key': API_KEY, 'api-sign': sign(TOKEN_PATH, body) };
  const refusals: readonly (readonly [string, Record<string, string>, string, string])[] = [
    ['an unknown key', { ...good, 'api-key': 'other' }, body, 'EAPI:Invalid key'],
    ['a wrong signature', { ...good, 'api-sign': 'AAAA' }, body, 'EAPI:Invalid signature'],
    ['another body', good, 'nonce=9&otp=1', 'EAPI:Invalid signature'],
    ['no nonce', good, '', 'EAPI:Invalid nonce'],
  ];
  it.each(refusals)('is not given for %s, with HTTP 200', (...row) => {
    const [, headers, sent, error] = row;
    const { server } = openScripted();
    const answer = callRest(server, TOKEN_PATH, { method: 'POST', body: sent, headers });
    expect(answer?.status).toBe(200);
    expect(readAnswer(answer)).toEqual({ error: [error] });
  });

  it('is not given for the same nonce twice, nor to a key without the permission', () => {
    const { server } = openScripted();
    const ask = (one: typeof server): string[] =>
      readAnswer(callRest(one, TOKEN_PATH, { method: 'POST', body, headers: good })).error;
    expect([ask(server), ask(server)]).toEqual([[], ['EAPI:Invalid nonce']]);
    expect(ask(openScripted({ permissions: [] }).server)).toEqual(['EGeneral:Permission denied']);
  });

  it('is limited by the counter of the key', async () => {
    const { server, time } = openScripted();
    for (let count = 0; count < 20; count += 1) issueToken(server);
    expect(readAnswer(askToken(server)).error).toEqual(['EAPI:Rate limit exceeded']);
    await time.advance(2_000);
    expect(readAnswer(askToken(server)).error).toEqual([]);
  });
});

describe('public calls', () => {
  const ask = (path: string): ReturnType<typeof readAnswer> =>
    readAnswer(callRest(openSynthetic(1).server, path));

  it('tell the time and the state', () => {
    expect(ask('/0/public/Time').result).toEqual({
      unixtime: 1786309200,
      rfc1123: 'Sun, 09 Aug 2026 21:00:00 +0000',
    });
    expect(ask('/0/public/SystemStatus').result).toEqual({
      status: 'online',
      timestamp: '2026-08-09T21:00:00Z',
    });
  });

  it('list pairs with their names and decimals', () => {
    const { result = {} } = ask('/0/public/AssetPairs');
    expect(Object.keys(result)).toContain('XXBTZUSD');
    expect(result.XXBTZUSD).toMatchObject({
      altname: 'XBTUSD',
      wsname: 'XBT/USD',
      base: 'XXBT',
      quote: 'ZUSD',
      pair_decimals: 1,
      lot_decimals: 8,
      tick_size: '0.1',
      status: 'online',
    });
    expect(result.SOLUSD).toMatchObject({ wsname: 'SOL/USD', base: 'SOL', pair_decimals: 2 });
    expect(result.XXBTZJPY).toMatchObject({ pair_decimals: 0, tick_size: '1' });
    expect(result.USDGUSD).toMatchObject({ lot_decimals: 5 });
  });

  it('list what is asked for, by any name, and refuse what is not there', () => {
    expect(Object.keys(ask('/0/public/AssetPairs?pair=XBTUSD,SOL/USD').result ?? {})).toEqual([
      'XXBTZUSD',
      'SOLUSD',
    ]);
    expect(ask('/0/public/AssetPairs?pair=WWWUSD').error).toEqual(['EQuery:Unknown asset pair']);
    expect(Object.keys(ask('/0/public/Assets?asset=XBT,ZUSD').result ?? {})).toEqual([
      'XXBT',
      'ZUSD',
    ]);
    expect(ask('/0/public/Nothing').error).toEqual(['EGeneral:Unknown method']);
    expect(callRest(openSynthetic(1).server, '/index.html')).toBeUndefined();
  });
});
