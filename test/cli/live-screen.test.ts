import { describe, expect, it } from 'vitest';
import { openLiveScreen } from '../../src/cli/live-screen.js';
import { paintPlain, span } from '../../src/cli/paint.js';
import { createFakeCli } from '../doubles/fake-cli.js';

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';

function open() {
  const fake = createFakeCli();
  let pictures = 0;
  let text = 'same';
  const screen = openLiveScreen({
    io: fake.io,
    painter: paintPlain,
    draw() {
      pictures += 1;
      return [[span(text)]];
    },
  });
  return { ...fake, screen, count: () => pictures, show: (next: string) => (text = next) };
}

describe('the live screen', () => {
  it('takes over the terminal and gives it back once', () => {
    const { stdout, screen, time } = open();
    expect(stdout.text.startsWith(ENTER)).toBe(true);
    screen.close();
    screen.close();
    expect(stdout.text.split(LEAVE)).toHaveLength(2);
    expect(stdout.text.endsWith(LEAVE)).toBe(true);
    expect(time.armedCount).toBe(0);
  });

  it('draws ten times a second at most, and writes only what changed', async () => {
    const { stdout, count, show, time } = open();
    await time.advance(1000);
    expect(count()).toBe(11);
    expect(stdout.text.split('same')).toHaveLength(2);
    show('other');
    await time.advance(100);
    expect(stdout.text).toContain('other');
  });

  it('skips pictures while the terminal is behind', async () => {
    const { stdout, count, show, time } = open();
    stdout.block();
    show('second');
    await time.advance(100);
    const before = count();
    await time.advance(500);
    expect(count()).toBe(before);
    stdout.drain();
    await time.advance(100);
    expect(count()).toBe(before + 1);
  });
});
