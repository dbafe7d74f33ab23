// The part of docs/performance.md that is measured: written by a whole run, and compared with
// bench/results.json by a test.
import { targetsToMarkdown, toMarkdown } from './report.mjs';

const START = '<!-- measured: written by npm run bench -->';
const END = '<!-- /measured -->';

const HEADINGS = {
  'end-to-end': 'Socket to book',
  decoding: 'Decoding',
  book: 'Book',
  checksum: 'Checksum',
  signing: 'Tokens and signatures',
  'start-up': 'Start-up',
  growth: 'Growth and memory',
  threads: 'Threads',
};

/** Everything that was measured, as Markdown. */
export function renderResults({ machine, measuredAt, versions, settings, targets, groups }) {
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const parts = [
    `Measured ${measuredAt.slice(0, 10)}: ${machine.cpu}, ${machine.cores} cores, ` +
      `${machine.memoryGb} GB, Node.js ${machine.node}, ${machine.system}; load before the run ` +
      `${machine.loadAverage}; medians of ${settings.repeats} turns. ${names.join(', ')}.`,
    '### Aimed at',
    targetsToMarkdown(targets),
  ];
  for (const [scenario, heading] of Object.entries(HEADINGS)) {
    const own = groups.filter((group) => group.scenario === scenario);
    if (own.length > 0) parts.push(`### ${heading}`, ...own.map(toMarkdown));
  }
  return parts.map((part) => part.trim()).join('\n\n');
}

/** The page with its measured part replaced. Throws where the page has no place for it. */
export function fillPage(page, results) {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) throw new Error('The page has no place for what is measured.');
  return `${page.slice(0, start)}${START}\n\n${renderResults(results)}\n\n${page.slice(end)}`;
}
