import { describe, expect, it } from 'vitest';
import { awaitEnding } from '../../src/cli/ending.js';
import { judgeEnding, watchOutcome } from '../../src/cli/outcome.js';
import { AuthError, ConnectionError, ProtocolError } from '../../src/model/error.js';
import type { FeedEvent } from '../../src/model/event.js';
import { createFakeCli } from '../doubles/fake-cli.js';

const base = { venue: 'v', symbol: '', venueAtMs: NaN, receivedAtMs: 0, session: 's' };
const opened: FeedEvent = { ...base, type: 'session.opened', url: 'ws://x' };
const accepted: FeedEvent = { ...base, type: 'subscription.accepted', channel: 'book' };
const lost: FeedEvent = {
  ...base,
  type: 'session.closed',
  error: new ConnectionError('DIAL_FAILED', 'Unreachable.'),
};
const foreign: FeedEvent = {
  ...base,
  type: 'frame.refused',
  error: new ProtocolError('FRAME_INVALID', 'The field channel of a frame is nothing.'),
};
const refused = (final: boolean): FeedEvent => ({
  ...base,
  type: 'auth.refused',
  error: new AuthError('AUTH_REFUSED', 'No.'),
  final,
});

function judge(kind: 'duration' | 'count' | 'quit' | 'reader-gone', events: FeedEvent[]) {
  const outcome = watchOutcome();
  for (const event of events) outcome.take(event);
  return judgeEnding({ kind }, outcome);
}

describe('how a run ends', () => {
  it('is 0 when it connected and its time is up', () => {
    expect(judge('duration', [opened, accepted, lost])).toEqual({ exitCode: 0 });
    expect(judge('count', [opened])).toEqual({ exitCode: 0 });
  });

  it('is 4 when the venue connected and never answered', () => {
    const verdict = judge('duration', [opened]);
    expect(verdict).toMatchObject({ exitCode: 4, error: { code: 'TIMED_OUT' } });
  });

  it('blames the address, not the symbols, where what came is of another protocol', () => {
    for (const events of [
      [opened, foreign],
      [opened, foreign, lost],
    ]) {
      const verdict = judge('duration', events);
      expect(verdict).toMatchObject({ exitCode: 4, error: { code: 'FRAME_INVALID' } });
      expect(String(verdict.error)).toContain('ws://x is not of the protocol of the venue v');
      expect(String(verdict.error)).not.toContain('symbols');
    }
    expect(judge('duration', [opened, foreign, accepted])).toEqual({ exitCode: 0 });
  });

  it('is 4 when no connection ever came about, with the last reason', () => {
    expect(judge('duration', [lost])).toMatchObject({
      exitCode: 4,
      error: { code: 'DIAL_FAILED' },
    });
    expect(judge('duration', [])).toMatchObject({ exitCode: 4, error: { code: 'TIMED_OUT' } });
  });

  it('is 3 when the sign-in was refused for good, and not before', () => {
    expect(judge('duration', [opened, accepted, refused(false)]).exitCode).toBe(0);
    expect(judge('duration', [opened, refused(true)]).exitCode).toBe(3);
  });

  it('is 0 when the person or the reader had enough', () => {
    expect(judge('quit', []).exitCode).toBe(0);
    expect(judge('reader-gone', []).exitCode).toBe(0);
  });

  it('follows the signal', () => {
    const outcome = watchOutcome();
    expect(judgeEnding({ kind: 'signal', signal: 'SIGINT' }, outcome).exitCode).toBe(130);
    expect(judgeEnding({ kind: 'signal', signal: 'SIGTERM' }, outcome).exitCode).toBe(143);
  });
});

describe('the ending', () => {
  it('comes after the duration', async () => {
    const { io, time } = createFakeCli();
    const ending = awaitEnding(io, 1000);
    await time.advance(1000);
    expect(await ending.reached).toEqual({ kind: 'duration' });
  });

  it('comes by a signal, and only the first cause counts', async () => {
    const fake = createFakeCli();
    const ending = awaitEnding(fake.io, 1000);
    fake.signal('SIGTERM');
    fake.stdout.break();
    expect(await ending.reached).toEqual({ kind: 'signal', signal: 'SIGTERM' });
    ending.dispose();
    expect(fake.time.armedCount).toBe(0);
  });

  it('comes when the reader of the output leaves', async () => {
    const fake = createFakeCli();
    const ending = awaitEnding(fake.io, undefined);
    fake.stdout.break();
    expect(await ending.reached).toEqual({ kind: 'reader-gone' });
  });
});
