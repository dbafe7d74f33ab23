import { describe, expect, it } from 'vitest';
import { COMMON_EFFECTS, plainDelivery, type Delivery } from '../../src/exchange/delivery.js';
import { createOutbox } from '../../src/exchange/outbox.js';
import { createVirtualTime } from '../doubles/virtual-time.js';

/** An outbox in which the fault of each frame is written in its text: `2 delay`. */
function open(bufferedBytes = 0) {
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
    },
    faults: { deliver },
    timers,
    maxBufferedBytes: 1_000,
  });
  const send = (...texts: string[]): void => texts.forEach((text) => outbox.send(text));
  return { send, sent, ending: () => ending, outbox, time };
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
