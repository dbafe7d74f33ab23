import { describe, expect, it } from 'vitest';
import { COMMON_EFFECTS, plainDelivery, type Delivery } from '../../src/exchange/delivery.js';
import { createOutbox } from '../../src/exchange/outbox.js';
import { createVirtualTime } from '../doubles/virtual-time.js';

/** An outbox in which the fault of each frame is written in its text: `2 delay`. */
function open(bufferedBytes = 0, hasWire = true) {
  const wired: string[] = [];
  const wire = {
    stall: () => void wired.push('stall'),
    cut: (text: string) => void wired.push(`cut ${text}`),
    drip: (rate: number) => void wired.push(`drip ${rate}`),
  };
  const time = createVirtualTime();
  const { timers } = time;
  const sent: string[] = [];
  let ending = 'open';
  const deliver = (text: string): Delivery => {
    const plain = plainDelivery(text);
    const [, fault] = text.split(' ');
    switch (fault) {
      case 'drop':
        return COMMON_EFFECTS.drop(plain);
      case 'duplicate':
        return COMMON_EFFECTS.duplicate(plain);
      case 'delay':
        return COMMON_EFFECTS.delay(plain, { delayMs: 100 });
      case 'reorder':
        return COMMON_EFFECTS.reorder(plain, { frames: 2 });
      case 'corrupt':
        return COMMON_EFFECTS.corrupt(plain, {});
      case 'close':
        return COMMON_EFFECTS.close(plain, { code: 1001, reason: 'why' });
      case 'reset':
        return COMMON_EFFECTS.reset(plain);
      case 'cut':
        return COMMON_EFFECTS['close-mid-frame'](plain);
      case 'stall':
        return COMMON_EFFECTS['half-open'](plain);
      case 'drip':
        return COMMON_EFFECTS.drip(plain, { bytesPerSecond: 9, forMs: 100 });
      case 'wait':
        return { ...plain, afterUpdate: true };
      default:
        return plain;
    }
  };
  const outbox = createOutbox<string>({
    connection: {
      id: 1,
      send: (text) => void sent.push(text),
      close: (code, reason) => void (ending = `closed ${code} ${reason}`),
      terminate: () => void (ending = 'terminated'),
      bufferedBytes: () => bufferedBytes,
      ...(hasWire && { wire }),
    },
    faults: {
      deliver,
      follows: (next) => next.startsWith('update'),
      replaces: (next) => next.startsWith('snapshot'),
    },
    timers,
    maxBufferedBytes: 1_000,
  });
  const send = (...texts: string[]): void => texts.forEach((text) => outbox.send(text));
  return { send, sent, ending: () => ending, outbox, time, wired };
}

describe('an outbox', () => {
  it.each([
    ['drop', ['1', '2 drop', '3'], ['1', '3']],
    ['duplicate', ['1', '2 duplicate'], ['1', '2 duplicate', '2 duplicate']],
    ['reorder', ['1 reorder', '2', '3', '4'], ['2', '3', '1 reorder', '4']],
    ['corrupt', ['12 corrupt'], ['12 co']],
  ])('carries out: %s', (_, texts, expected) => {
    const { send, sent } = open();
    send(...texts);
    expect(sent).toEqual(expected);
  });

  it('lets the update of a snapshot pass before it', () => {
    const { send, sent } = open();
    send('snapshot wait', 'other', 'update 1', 'update 2');
    expect(sent).toEqual(['other', 'update 1', 'snapshot wait', 'update 2']);
  });

  it('forgets a snapshot that waits where a newer one comes', () => {
    const { send, sent } = open();
    send('snapshot wait', 'snapshot 2 wait', 'snapshot wait', 'update 1', 'update 2');
    expect(sent).toEqual(['snapshot 2 wait', 'update 1', 'snapshot wait', 'update 2']);
  });

  it('ends in the middle of a frame, or half-open, where the host can', () => {
    const cut = open();
    cut.send('1', '2 cut', '3');
    expect([cut.sent, cut.wired, cut.ending()]).toEqual([['1'], ['cut 2 cut'], 'open']);
    const stalled = open();
    stalled.send('1 stall', '2');
    expect([stalled.sent, stalled.wired]).toEqual([['1 stall'], ['stall']]);
  });

  it('ends otherwise where the host has no wire that misbehaves', () => {
    const cut = open(0, false);
    cut.send('1 cut', '2');
    expect([cut.sent, cut.ending()]).toEqual([[], 'terminated']);
    const stalled = open(0, false);
    stalled.send('1 stall', '2 drip');
    expect([stalled.sent, stalled.ending()]).toEqual([['1 stall'], 'open']);
  });

  it('drips for a while', async () => {
    const { send, sent, wired, time } = open();
    send('1 drip', '2');
    await time.advance(100);
    expect([sent, wired]).toEqual([
      ['1 drip', '2'],
      ['drip 9', 'drip Infinity'],
    ]);
  });

  it('delays one frame and no other', async () => {
    const { send, sent, time } = open();
    send('1 delay', '2');
    expect(sent).toEqual(['2']);
    await time.advance(100);
    expect(sent).toEqual(['2', '1 delay']);
  });

  it('sends nothing after an ending, and forgets what waited', async () => {
    const { send, sent, ending, time } = open();
    send('1 delay', '2 close', '3');
    await time.advance(1_000);
    expect([sent, ending(), time.armedCount]).toEqual([['2 close'], 'closed 1001 why', 0]);
    const other = open();
    other.send('1 reset', '2');
    expect([other.sent, other.ending()]).toEqual([['1 reset'], 'terminated']);
  });

  it('cuts a client that reads too slowly rather than skip a frame', () => {
    const { send, sent, ending, outbox } = open(1_001);
    send('1', '2');
    expect([sent, ending(), outbox.bufferedBytes]).toEqual([['1'], 'terminated', 0]);
  });
});
