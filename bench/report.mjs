// Groups of rows as tables: the median of each row, how far its values lie apart, and how many
// times better truefeed's own row of the group is.
import { median } from './measure.mjs';

const ROLES = { ours: 'truefeed', also: 'truefeed', peer: 'peer', floor: 'floor' };

/**
 * How many times better ours is, turn by turn: what else the machine does in a turn hits both. What
 * counts is the median of these.
 */
function compareTurns(ours, others, better) {
  const turns = Math.min(ours.length, others.length);
  return Array.from({ length: turns }, (_, turn) =>
    better === 'higher' ? ours[turn] / others[turn] : others[turn] / ours[turn],
  );
}

/** Medians and ratios. `better` says whether a higher or a lower value is better. */
export function summarise(group) {
  const rows = group.rows.map((row) => {
    const { name, role, note, failure, facts, values = [] } = row;
    if (failure !== undefined || values.length === 0) return { name, role, note, failure };
    const value = median(values);
    const [lowest, highest] = [Math.min(...values), Math.max(...values)];
    return { name, role, note, facts, value, lowest, highest, times: values.length };
  });
  const ours = group.rows.find(({ role, values = [] }) => role === 'ours' && values.length > 0);
  for (const [index, row] of rows.entries()) {
    if (row.value === undefined || ours === undefined) continue;
    const ratios = compareTurns(ours.values, group.rows[index].values, group.better);
    row.oursIsTimes = median(ratios);
    // All of them, in the order of the turns: a median alone does not say how far they lie apart.
    if (group.rows[index] !== ours) row.oursIsTimesByTurn = ratios;
  }
  const { scenario, title, unit, better, note } = group;
  return { scenario, title, unit, better, note, rows };
}

/** A number with three digits that count. */
export function formatValue(value) {
  if (value === undefined) return '';
  if (value >= 1_000) return Number(value.toPrecision(3)).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

function formatSpread(lowest, highest) {
  return `${formatValue(lowest)} … ${formatValue(highest)}`;
}

/** With the lowest and the highest of its turns, where it was taken in several. */
function formatRatio({ oursIsTimes, oursIsTimesByTurn: ratios = [] }) {
  const middle = formatValue(oursIsTimes);
  if (ratios.length < 2) return middle;
  return `${middle} (${formatSpread(Math.min(...ratios), Math.max(...ratios))})`;
}

function formatRow(row, ours) {
  if (row.value === undefined) return [row.name, ROLES[row.role], '—', '', row.failure ?? ''];
  const spread = formatSpread(row.lowest, row.highest);
  const ratio = row === ours ? '1' : formatRatio(row);
  return [row.name, ROLES[row.role], formatValue(row.value), spread, ratio];
}

function tableOf(group) {
  const ours = group.rows.find((row) => row.role === 'ours');
  const head = ['', 'kind', `median (${group.unit})`, 'lowest … highest', 'truefeed is × better'];
  return [head, ...group.rows.map((row) => formatRow(row, ours))];
}

/** For a terminal. */
export function toText(group) {
  const table = tableOf(group);
  const widths = table[0].map((_, at) => Math.max(...table.map((row) => row[at].length)));
  const lines = table.map((row) =>
    row
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])))
      .join('  '),
  );
  const notes = group.rows.flatMap(({ name, note }) => (note ? [`  ${name}: ${note}`] : []));
  return [group.title, ...lines, ...(group.note ? [group.note] : []), ...notes, ''].join('\n');
}

/** For the documentation. */
export function toMarkdown(group) {
  const [head, ...rows] = tableOf(group);
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = line(['---', '---', '--:', '--:', '--:']);
  const notes = group.rows.flatMap(({ name, note }) => (note ? [`- ${name}: ${note}`] : []));
  const more = [...(group.note ? [group.note] : []), ...notes];
  return [`**${group.title}**`, '', line(head), rule, ...rows.map(line), '', ...more, ''].join(
    '\n',
  );
}

const TARGET_HEAD = ['aimed at', 'wanted', 'measured', ''];

/** The median is what is judged; that not every turn says the same is said beside it. */
function describeVerdict({ atLeast, atMost, lowest, highest, isMet }) {
  const verdict = isMet ? 'met' : 'NOT met';
  if (lowest === undefined) return verdict;
  const isIn = (value) => (atLeast === undefined ? value <= atMost : value >= atLeast);
  if (isIn(lowest) === isIn(highest)) return verdict;
  return isMet ? `${verdict}, but not in every turn` : `${verdict}, but in some turns`;
}

function targetCells(target) {
  const { text, atLeast, atMost, value, lowest, highest } = target;
  const wanted = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
  const spread = lowest === undefined ? '' : ` (${formatSpread(lowest, highest)})`;
  return [text, wanted, `${formatValue(value)}${spread}`, describeVerdict(target)];
}

/** Targets for a terminal. */
export function targetsToText(targets) {
  const table = [TARGET_HEAD, ...targets.map(targetCells)];
  const widths = TARGET_HEAD.map((_, at) => Math.max(...table.map((row) => row[at].length)));
  const lines = table.map((row) => row.map((cell, at) => cell.padEnd(widths[at])).join('  '));
  return `${lines.join('\n')}\n`;
}

/** Targets for the documentation. */
export function targetsToMarkdown(targets) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = line(['---', '---', '--:', '---']);
  const rows = targets.map((one) => line(targetCells(one)));
  return `${[line(TARGET_HEAD), rule, ...rows].join('\n')}\n`;
}
