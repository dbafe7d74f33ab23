// `npm run bench`: truefeed, its peers and the floor of each step, side by side in one run.
import { spawnSync, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { join, resolve } from 'node:path';
import { fail, flag, readOptions, text } from './options.mjs';
import { ensureBuilt, root } from './setup.mjs';

const folder = join(root, 'bench');
const SCENARIOS = [
  'signing',
  'decoding',
  'book',
  'checksum',
  'end-to-end',
  'start-up',
  'growth',
  'threads',
];
const HELP = `npm run bench -- [options]

Measures the built package beside its peers and the floor of each step, in turns and in one run,
and prints medians and ratios. What counts is CPU time wherever it can be read. A whole run takes
about twenty minutes; nothing else should run meanwhile.

  --only SCENARIO   this one alone, may be given again: ${SCENARIOS.slice(0, 4).join(', ')},
                    ${SCENARIOS.slice(4).join(', ')}
  --quick           shorter turns and fewer of them: to see that it runs, not to quote
  --repeat N        turns of each contender; 5 by default, 3 with --quick
  --out FILE        where the results go. By default bench/results.json, and the tables of
                    docs/performance.md with it; nowhere with --only or --quick
  --markdown        print the tables as Markdown
  --profile FOLDER  also write a CPU profile of truefeed in each race of end-to-end
  --help            this text
`;

/** Installs what is compared with, as the lock file says, unless that was done already. */
function ensurePeersInstalled() {
  const lock = readFileSync(join(folder, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  const marker = join(folder, 'node_modules', '.installed');
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== wanted) {
    process.stderr.write('Installing the packages to compare with in bench/ (once) …\n');
    const stdio = ['ignore', 'inherit', 'inherit'];
    const { status } = spawnSync('npm', ['ci', '--loglevel=error'], { cwd: folder, stdio });
    if (status !== 0) process.exit(status ?? 1);
    writeFileSync(marker, wanted);
  }
  // As a user has it: found by name, through the exports of package.json.
  const link = join(folder, 'node_modules', 'truefeed');
  if (existsSync(link) && statSync(link).ino === statSync(root).ino) return;
  rmSync(link, { recursive: true, force: true });
  symlinkSync(root, link, 'junction');
}

function describeMachine() {
  const models = cpus();
  return {
    cpu: models[0]?.model.trim() ?? 'unknown',
    cores: models.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    system: `${type()} ${release()} ${process.arch}`,
    // How busy the machine was with other things, when it began.
    loadAverage: Number(loadavg()[0]?.toFixed(2)),
  };
}

function measureScenario(name, settings) {
  const child = fork(join(folder, 'run-scenario.mjs'), [name, JSON.stringify(settings)], {
    execArgv: ['--expose-gc'],
  });
  return new Promise((done, reject) => {
    let groups;
    child.on('message', (message) => {
      if (message.kind === 'note') process.stderr.write(`${name}: ${message.text} …\n`);
      else groups = message.groups;
    });
    child.on('exit', (code) => {
      if (groups) done(groups.map((group) => ({ scenario: name, ...group })));
      else reject(new Error(`The scenario "${name}" ended with code ${code}.`));
    });
  });
}

function listVersions() {
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { truefeed: version, ...dependencies };
}

const named = {
  only: { ...text, multiple: true },
  quick: flag,
  repeat: text,
  out: text,
  markdown: flag,
  profile: text,
};
const options = readOptions(named, HELP);
const names = options.only ?? SCENARIOS;
for (const name of names) {
  if (!SCENARIOS.includes(name)) fail(`There is no scenario "${name}".`, HELP);
}
const repeats = Number(options.repeat ?? (options.quick ? 3 : 5));
if (!Number.isInteger(repeats) || repeats < 1)
  fail('--repeat must be a whole number from 1.', HELP);
const isWhole = options.only === undefined && !options.quick;
const out = options.out ?? (isWhole ? join(folder, 'results.json') : undefined);
const profileFolder = options.profile && resolve(options.profile);
if (profileFolder) mkdirSync(profileFolder, { recursive: true });

ensureBuilt();
ensurePeersInstalled();
const { fillPage } = await import('../bench/page.mjs');
const { judgeTargets } = await import('../bench/targets.mjs');
const { summarise, targetsToMarkdown, targetsToText, toMarkdown, toText } =
  await import('../bench/report.mjs');

const { quick } = options;
const turnMs = quick ? 40 : 200;
const machine = describeMachine();
const measuredAt = new Date().toISOString();
const facts = `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB`;
process.stdout.write(`${facts}, Node.js ${machine.node}, ${machine.system}\n`);
process.stdout.write(`Load before: ${machine.loadAverage}. Medians of ${repeats} turns.\n\n`);
const groups = [];
for (const name of names) {
  const settings = { repeats, turnMs, quick, profileFolder };
  const measured = (await measureScenario(name, settings)).map(summarise);
  groups.push(...measured);
  for (const group of measured) {
    process.stdout.write(`${(options.markdown ? toMarkdown : toText)(group)}\n`);
  }
}
const targets = judgeTargets(groups);
process.stdout.write(`${(options.markdown ? targetsToMarkdown : targetsToText)(targets)}\n`);
if (out !== undefined) {
  const settings = { repeats, quick };
  const results = { machine, measuredAt, versions: listVersions(), settings, targets, groups };
  writeFileSync(resolve(out), `${JSON.stringify(results, undefined, 2)}\n`);
  process.stdout.write(`Written to ${out}\n`);
  if (isWhole && options.out === undefined) {
    const page = join(root, 'docs', 'performance.md');
    writeFileSync(page, fillPage(readFileSync(page, 'utf8'), results));
    process.stdout.write(`The tables of ${page} are these now.\n`);
  }
}
