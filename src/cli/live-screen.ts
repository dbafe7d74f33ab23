import type { CliIo } from './cli-io.js';
import type { Painter, Line } from './paint.js';
import type { ScreenSize } from './watch-view.js';

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[H\u001b[2J';
const LEAVE = '\u001b[?25h\u001b[?1049l';

/** Ten pictures a second are enough for an eye. */
const FRAME_INTERVAL_MS = 100;

export interface LiveScreen {
  /** Gives the terminal back as it was; may be called again. */
  close(): void;
}

export interface LiveScreenOptions {
  readonly io: CliIo;
  readonly painter: Painter;
  draw(size: ScreenSize): readonly Line[];
}

/** Gives the terminal back where something else has failed. */
export function releaseScreen(io: CliIo): void {
  if (io.stdout.isTty) io.stdout.write(LEAVE);
}

/** Shows `draw` on the alternate screen until closed; a slow terminal gets fewer pictures. */
export function openLiveScreen(options: LiveScreenOptions): LiveScreen {
  const { io, painter } = options;
  const { stdout } = io;
  let isOpen = true;
  let isBehind = false;
  let shown = '';
  let cancel = (): void => undefined;

  const paint = (): void => {
    if (isBehind) return;
    const size = { columns: stdout.columns, rows: stdout.rows };
    const picture = options
      .draw(size)
      .map((line) => `${painter(line)}\u001b[K`)
      .join('\r\n');
    if (picture === shown) return;
    shown = picture;
    isBehind = !stdout.write(`\u001b[H${picture}\u001b[J`);
    if (isBehind) stdout.onDrain(() => (isBehind = false));
  };
  const tick = (): void => {
    if (!isOpen) return;
    paint();
    cancel = io.runtime.timers.after(FRAME_INTERVAL_MS, tick);
  };
  stdout.write(ENTER);
  const stopResize = io.onResize(() => (shown = ''));
  tick();
  return {
    close() {
      if (!isOpen) return;
      isOpen = false;
      cancel();
      stopResize();
      stdout.write(LEAVE);
    },
  };
}
