import type { Level } from '../model/levels.js';
import type { SessionReport } from '../feed/feed-options.js';
import { countWords, groupDigits } from './count-text.js';
import { formatDuration } from './duration.js';
import { fitLine, span, widthOf, type Line, type Tone } from './paint.js';
import type { Notice, ShownBook, ShownTrade, SignInState, WatchMoment } from './watch-model.js';

const PANEL_COLUMNS_LEAST = 38;
const PANEL_COLUMNS_MOST = 60;
const GAP = 2;
const PRICE_COLUMNS = 12;
/** With a space before it, whatever its length. */
const SIZE_COLUMNS = 12;
const SIZE_DIGITS = SIZE_COLUMNS - 1;
const BAR_CELLS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** `21:05:48` in UTC: what venues use too. */
export function formatTimeOfDay(atMs: number): string {
  return Number.isFinite(atMs) ? new Date(atMs).toISOString().slice(11, 19) : '--:--:--';
}

function describeSignIn(signIn: SignInState): Line {
  switch (signIn.kind) {
    case 'not-asked':
      return [span('not needed: public channels only', 'dim')];
    case 'pending':
      return [span('waiting for the venue to accept the key', 'warning')];
    case 'accepted': {
      const renewals =
        signIn.renewals > 0 ? `, renewed ${countWords(signIn.renewals, 'time')}` : '';
      return [
        span('accepted', 'good'),
        span(` at ${formatTimeOfDay(signIn.atMs)} UTC${renewals}`, 'dim'),
      ];
    }
    case 'refused':
      return [span('refused', 'bad'), span(` ${signIn.text}`)];
  }
}

const SESSION_TONES: Readonly<Record<SessionReport['status'], Tone>> = {
  idle: 'dim',
  preparing: 'warning',
  dialling: 'warning',
  authenticating: 'warning',
  ready: 'good',
  waiting: 'bad',
  closed: 'bad',
};

function describeSession(session: SessionReport, nowMs: number): Line {
  const since = session.readySinceAtMs;
  const age = since === undefined ? '' : ` for ${formatDuration(nowMs - since)}`;
  const lost = session.framesMissing > 0 ? `, ${groupDigits(session.framesMissing)} lost` : '';
  const again = session.timesOpened > 1 ? `, connection ${session.timesOpened}` : '';
  return [
    span(session.status, SESSION_TONES[session.status]),
    span(`${age}  ${session.name}  ${countWords(session.framesReceived, 'frame')}${lost}${again}`),
    span(`  ${session.url}`, 'dim'),
  ];
}

function describeState(book: ShownBook, nowMs: number): Line {
  const age = formatDuration(Math.max(0, nowMs - book.state.sinceAtMs));
  switch (book.state.status) {
    case 'live':
      return [span('live', 'good'), span(` ${age}`, 'dim')];
    case 'syncing':
      return [span('syncing', 'warning'), span(` ${age}`, 'dim')];
    case 'stale':
      return [span(`stale: ${book.state.reason}`, 'bad'), span(` ${age}`, 'dim')];
  }
}

function drawBar(share: number, columns: number): string {
  const eighths = Math.round(Math.max(0, Math.min(1, share)) * columns * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + (BAR_CELLS[eighths % 8] ?? '');
}

function drawLevel(level: Level, largest: number, look: { tone: Tone; columns: number }): Line {
  const barColumns = Math.max(0, look.columns - PRICE_COLUMNS - SIZE_COLUMNS - 1);
  return [
    span(level.price.padStart(PRICE_COLUMNS), look.tone),
    span(` ${level.size.padStart(SIZE_DIGITS)}`),
    span(' '),
    span(drawBar(largest > 0 ? level.sizeNumber / largest : 0, barColumns), look.tone),
  ];
}

/** `0.01` apart, from the doubles: it is a hint for the eye, not a number to trade on. */
function describeSpread(book: ShownBook): Line {
  const bid = book.bids[0];
  const ask = book.asks[0];
  if (!bid || !ask) return [span('one side is empty'.padStart(PRICE_COLUMNS), 'dim')];
  const decimals = Math.max(decimalsOf(bid.price), decimalsOf(ask.price));
  const apart = (ask.priceNumber - bid.priceNumber).toFixed(decimals);
  return [span(`${'spread'.padStart(PRICE_COLUMNS)}${apart.padStart(SIZE_COLUMNS)}`, 'dim')];
}

function decimalsOf(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

function drawLadder(book: ShownBook, size: ScreenSize): Line[] {
  const depth = Math.max(1, Math.floor((size.rows - 1) / 2));
  if (book.state.status !== 'live') {
    const text =
      book.state.status === 'syncing' ? 'waiting for the whole book' : 'not shown: may be wrong';
    return [[span(text, 'dim')]];
  }
  const asks = book.asks.slice(0, depth);
  const bids = book.bids.slice(0, depth);
  const largest = Math.max(0, ...[...asks, ...bids].map((level) => level.sizeNumber));
  const columns = size.columns;
  return [
    ...[...asks].reverse().map((one) => drawLevel(one, largest, { tone: 'ask', columns })),
    describeSpread(book),
    ...bids.map((one) => drawLevel(one, largest, { tone: 'bid', columns })),
  ];
}

function drawTrade(trade: ShownTrade): Line {
  return [
    span(trade.price.padStart(PRICE_COLUMNS), trade.side === 'buy' ? 'bid' : 'ask'),
    span(` ${trade.size.padStart(SIZE_DIGITS)}`),
    span(` ${trade.side.padEnd(4)} ${formatTimeOfDay(trade.tradedAtMs)}`, 'dim'),
  ];
}

function drawPanel(moment: WatchMoment, book: ShownBook, size: ScreenSize): Line[] {
  const tradeRows = Math.min(8, Math.max(0, Math.floor((size.rows - 4) / 3)));
  const ladderRows = Math.max(3, size.rows - tradeRows - 2);
  const title = [span(book.symbol, 'title'), span('  '), ...describeState(book, moment.nowMs)];
  const lines: Line[] = [title, ...drawLadder(book, { ...size, rows: ladderRows })];
  while (lines.length < size.rows - tradeRows - 1) lines.push([]);
  const trades = (moment.trades.get(book.symbol) ?? []).slice(-tradeRows).reverse();
  if (tradeRows > 0) {
    lines.push([span(trades.length > 0 ? 'last trades' : 'no trade yet', 'dim')]);
    lines.push(...trades.map(drawTrade));
  }
  return lines.slice(0, size.rows);
}

function placeSideBySide(panels: readonly Line[][], columns: number): Line[] {
  const height = Math.max(0, ...panels.map((panel) => panel.length));
  return Array.from({ length: height }, (_, row) =>
    panels.flatMap((panel, index) => [
      ...(index > 0 ? [span(' '.repeat(GAP))] : []),
      ...fitLine(panel[row] ?? [], columns),
    ]),
  );
}

/** A book that found no room for its ladder, in one line. */
function drawBrief(moment: WatchMoment, book: ShownBook): Line {
  const touch =
    book.state.status === 'live'
      ? `  ${book.bids[0]?.price ?? '-'} / ${book.asks[0]?.price ?? '-'}`
      : '';
  return [span(book.symbol.padEnd(12), 'title'), ...describeState(book, moment.nowMs), span(touch)];
}

function drawNotice(notice: Notice): Line {
  return [span(`${formatTimeOfDay(notice.atMs)}  `, 'dim'), span(notice.text, notice.tone)];
}

function drawHead(moment: WatchMoment): Line[] {
  const { counters } = moment.status;
  const age = formatDuration(moment.nowMs - moment.startedAtMs);
  const lost = counters.framesMissing > 0;
  return [
    [
      span(`truefeed watch  ${moment.venue}`, 'title'),
      span(`  ${age}  ${formatTimeOfDay(moment.nowMs)} UTC`, 'dim'),
    ],
    [span('sign-in  ', 'dim'), ...describeSignIn(moment.signIn)],
    ...moment.status.sessions.map((session) => [
      span('session  ', 'dim'),
      ...describeSession(session, moment.nowMs),
    ]),
    [
      span('feed     ', 'dim'),
      span(`${countWords(counters.framesReceived, 'frame')}  `),
      span(countWords(counters.sequenceGaps, 'gap'), lost ? 'warning' : 'good'),
      span(`  books stale ${countWords(counters.timesBookStale, 'time')},`),
      span(` ${formatDuration(counters.bookNotLiveMs)} not live`),
      span(`  ${countWords(moment.tradeCount, 'trade')}`),
    ],
    [],
  ];
}

/** One picture: exactly as many lines as the screen has rows, none wider than its columns. */
export function drawWatch(moment: WatchMoment, size: ScreenSize): Line[] {
  const head = drawHead(moment);
  const fitting = Math.floor((size.columns + GAP) / (PANEL_COLUMNS_LEAST + GAP));
  const perRow = Math.max(1, Math.min(moment.books.length, fitting));
  const shown = moment.books.slice(0, perRow);
  const briefs = moment.books.slice(perRow).map((book) => drawBrief(moment, book));
  const foot = [[span('q quits', 'dim')]];
  const notices = moment.notices.slice(-3).map(drawNotice);
  const fixedRows = head.length + briefs.length + notices.length + foot.length + 1;
  const rows = Math.max(4, size.rows - fixedRows);
  const share = Math.floor((size.columns - GAP * (perRow - 1)) / perRow);
  const columns = Math.min(PANEL_COLUMNS_MOST, share);
  const panels = placeSideBySide(
    shown.map((book) => drawPanel(moment, book, { columns, rows })),
    columns,
  );
  const lines = [...head, ...panels, ...briefs, [], ...notices];
  const room = Math.max(1, size.rows - foot.length);
  while (lines.length < room) lines.push([]);
  return [...lines.slice(0, room), ...foot].map((line) =>
    widthOf(line) > size.columns ? fitLine(line, size.columns) : line,
  );
}

/** The same in one line, for an output that is not a screen. */
export function drawWatchLine(moment: WatchMoment): Line {
  const ready = moment.status.sessions.filter((session) => session.status === 'ready').length;
  const age = ((moment.nowMs - moment.startedAtMs) / 1000).toFixed(1);
  return [
    span(`${age.padStart(6)} s`, 'dim'),
    ...(moment.signIn.kind === 'not-asked' ? [] : [span(`  sign-in ${moment.signIn.kind}`)]),
    span(`  connections ${ready}/${moment.status.sessions.length} ready`),
    ...moment.books.flatMap((book) => [
      span(`  ${book.symbol} `),
      span(book.state.status, book.state.status === 'live' ? 'good' : 'warning'),
      ...(book.state.status === 'live'
        ? [span(` ${book.bids[0]?.price ?? '-'}/${book.asks[0]?.price ?? '-'}`)]
        : []),
    ]),
    span(`  trades ${moment.tradeCount}  gaps ${moment.status.counters.sequenceGaps}`),
  ];
}
