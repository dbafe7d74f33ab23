import { describe, expect, it } from 'vitest';
import { createPatientHttp } from '../../src/auth/patient-http.js';
import type { HttpRequest, HttpResponse } from '../../src/model/runtime.js';
import { createVirtualTime } from '../doubles/virtual-time.js';
import { catchRejection } from './secret-leak.js';

const REQUEST: HttpRequest = {
  method: 'POST',
  url: 'https://exchange.test/',
  timeoutMs: 1,
  maxBodyBytes: 1,
};

function open(answer: Pick<HttpResponse, 'status' | 'retryAfterMs'>) {
  const time = createVirtualTime();
  const asked: number[] = [];
  const http = createPatientHttp(async () => {
    asked.push(time.clock.monotonicMs());
    return { body: '', ...answer };
  }, time.clock);
  return { time, http, asked };
}

describe('a server that asks to be left alone', () => {
  it.each([
    [429, 30_000, 30_000],
    [429, 86_400_000, 900_000],
    [503, 30_000, 30_000],
    [503, 900_000, 60_000],
    [429, Infinity, 900_000],
    [503, Infinity, 60_000],
  ])('with HTTP %d and %d ms is, for %d ms', async (status, retryAfterMs, pauseMs) => {
    const { time, http, asked } = open({ status, retryAfterMs });
    expect((await http(REQUEST)).status).toBe(status);
    await time.advance(pauseMs - 1);
    expect(await catchRejection(http(REQUEST))).toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      facts: { retryAfterMs: 1 },
    });
    expect(asked).toHaveLength(1);
    await time.advance(1);
    await http(REQUEST);
    expect(asked).toHaveLength(2);
  });

  it.each([
    [429, undefined],
    [503, 0],
    [429, NaN],
    [429, -5_000],
    [503, -Infinity],
    [200, 30_000],
    [401, 30_000],
  ])('not with HTTP %d and %j ms', async (status, retryAfterMs) => {
    const { http, asked } = open({ status, retryAfterMs });
    await http(REQUEST);
    await http(REQUEST);
    expect(asked).toHaveLength(2);
  });

  it('keeps its patience after an answer whose pause made no sense', async () => {
    const time = createVirtualTime();
    const pauses = [NaN, 30_000];
    const http = createPatientHttp(
      async () => ({ body: '', status: 429, retryAfterMs: pauses.shift() }),
      time.clock,
    );
    await http(REQUEST);
    await http(REQUEST);
    expect(await catchRejection(http(REQUEST))).toMatchObject({ code: 'RATE_LIMITED' });
  });
});
