import { execFile } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileCli, type CompiledCli } from '../doubles/compiled-cli.js';

/** What one import may load: each file costs half a millisecond and more. */
interface Allowance {
  readonly filesMax: number;
  /** Folders of src whose code may be in those files; `.` is src itself. */
  readonly folders: readonly string[];
  readonly packages: readonly string[];
  /** Modules of Node.js that take long to load. */
  readonly slow: readonly string[];
}

const SLOW = ['crypto', 'http', 'https', 'tls'];

const FOR_FEED = ['.', 'book', 'feed', 'model', 'runtime', 'sequence', 'session'];
const FOR_VENUE = ['auth', 'book', 'model', 'runtime', 'sequence', 'wire'];
const COINBASE = 'venues/coinbase';
const KRAKEN = 'venues/kraken';
const CLOUD9TRADER = 'venues/cloud9trader';
const SERVERS = [COINBASE, KRAKEN, CLOUD9TRADER].flatMap((venue) => [venue, `${venue}/server`]);
const FOR_SIMULATOR = ['book', 'exchange', 'model', 'recording', 'runtime', 'simulator'];

const ALLOWANCES: Readonly<Record<string, Allowance>> = {
  truefeed: { filesMax: 10, folders: FOR_FEED, packages: [], slow: [] },
  'truefeed/auth': {
    filesMax: 10,
    folders: ['auth', 'model', 'runtime'],
    packages: [],
    slow: ['crypto'],
  },
  'truefeed/book': { filesMax: 4, folders: ['book', 'model'], packages: [], slow: [] },
  'truefeed/sequence': { filesMax: 3, folders: ['sequence', 'model'], packages: [], slow: [] },
  'truefeed/simulator': {
    filesMax: 10,
    folders: [...FOR_SIMULATOR, ...SERVERS],
    packages: ['ws', 'zod'],
    slow: SLOW,
  },
  'truefeed/venues/coinbase': {
    filesMax: 14,
    folders: [...FOR_VENUE, COINBASE],
    packages: [],
    slow: ['crypto'],
  },
  'truefeed/venues/kraken': {
    filesMax: 14,
    folders: [...FOR_VENUE, KRAKEN],
    packages: [],
    slow: ['crypto'],
  },
  'truefeed/venues/cloud9trader': {
    filesMax: 14,
    folders: [...FOR_VENUE, CLOUD9TRADER],
    packages: [],
    slow: ['crypto'],
  },
  'truefeed/venues/cloud9trader/client': {
    filesMax: 12,
    folders: ['auth', 'model', 'runtime', CLOUD9TRADER, `${CLOUD9TRADER}/client`],
    packages: [],
    slow: ['crypto'],
  },
};
const FOR_HELP: Allowance = {
  filesMax: 6,
  folders: ['auth', 'cli', 'model', 'runtime'],
  packages: ['commander'],
  slow: [],
};
/** With the command lines that need no more than that. */
const COMMANDS: readonly (readonly [line: string, allowed: Allowance])[] = [
  ...['--version', '--help', 'help token', 'token --help', 'watch --help', 'order add --help'].map(
    (line) => [line, FOR_HELP] as const,
  ),
  ['simulate --prot 1', FOR_HELP],
  [
    'jwt --key-file /nowhere',
    { ...FOR_HELP, filesMax: 12, folders: [...FOR_HELP.folders, COINBASE], slow: ['crypto'] },
  ],
  [
    'stream coinbase BTC-USD --url ws://127.0.0.1:9 --depth all',
    {
      filesMax: 36,
      folders: ['cli', 'recording', ...FOR_FEED, ...FOR_VENUE, COINBASE, KRAKEN, CLOUD9TRADER],
      packages: ['commander'],
      slow: ['crypto'],
    },
  ],
  [
    'simulate kraken --port 70000',
    {
      filesMax: 14,
      folders: ['auth', 'cli', ...FOR_SIMULATOR, ...SERVERS],
      packages: ['commander', 'ws', 'zod'],
      slow: SLOW,
    },
  ],
];

/** Imports what it is told to and prints the address of every script that was compiled for it. */
const SCRIPT = `
  import { writeSync } from 'node:fs';
  import { Session } from 'node:inspector';
  const urls = [];
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params }) => urls.push(params.url));
  session.post('Debugger.enable');
  const before = new Set(process.moduleLoadList);
  process.on('exit', () => {
    const native = process.moduleLoadList.filter((name) => !before.has(name));
    writeSync(2, '\\n' + JSON.stringify({ urls, native }));
  });
  await import(process.argv[1]);
`;

let built: CompiledCli;
beforeAll(async () => {
  built = await compileCli();
});
afterAll(() => built.remove());

/** `venues/kraken/server` of `venues/kraken/server/rest/answers`, `feed` of `feed/orders/desk`. */
function folderOf(module: string): string {
  const folder = /^(venues\/[^/]+(\/(server|client)(?=\/))?|[^/]+(?=\/))/.exec(module);
  return folder?.[0] ?? '.';
}

interface Loaded {
  readonly urls: readonly string[];
  readonly native: readonly string[];
}

/** What it wrote to stderr; a command that refuses its options has failed as it should. */
function runNode(args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: built.folder }, (_error, _out, stderr) => {
      resolve(stderr);
    });
  });
}

async function load(...args: readonly string[]) {
  const given = ['--input-type=module', '--eval', SCRIPT, '--', ...args];
  const stderr = await runNode(given);
  const loaded = JSON.parse(stderr.slice(stderr.lastIndexOf('\n'))) as Loaded;
  const urls = loaded.urls.filter((url) => url.startsWith('file:'));
  const dist = `${pathToFileURL(join(realpathSync(built.folder), 'dist')).href}/`;
  const files = urls.filter((url) => url.startsWith(dist)).map((url) => url.slice(dist.length));
  const packages = urls.flatMap((url) => /.*\/node_modules\/([^/]+)/.exec(url)?.[1] ?? []);
  const folders = files.flatMap((file) => built.modules.get(file)!).map(folderOf);
  const slow = SLOW.filter((name) => loaded.native.includes(`NativeModule ${name}`));
  return { files, folders: new Set(folders), packages: new Set(packages), slow };
}

function judge(loaded: Awaited<ReturnType<typeof load>>, allowed: Allowance): void {
  expect(loaded.files.length).toBeGreaterThan(0);
  expect(loaded.files.length, loaded.files.join(', ')).toBeLessThanOrEqual(allowed.filesMax);
  expect([...loaded.folders].filter((one) => !allowed.folders.includes(one))).toEqual([]);
  expect([...loaded.packages].filter((one) => !allowed.packages.includes(one))).toEqual([]);
  expect(loaded.slow).toEqual(allowed.slow);
}

describe('the built package', () => {
  it('has an allowance for all that can be imported', () => {
    const text = readFileSync(join(built.folder, 'package.json'), 'utf8');
    const { exports } = JSON.parse(text) as { readonly exports: Readonly<Record<string, string>> };
    const names = Object.keys(exports).filter((name) => name !== './package.json');
    expect(names.map((name) => `truefeed${name.slice(1)}`)).toEqual(Object.keys(ALLOWANCES));
  });

  it.each(Object.entries(ALLOWANCES))('loads few files for %s, and no others', async (...row) => {
    const [name, allowed] = row;
    judge(await load(name), allowed);
  });

  it.each(COMMANDS)('loads for `truefeed %s` what it needs, and no others', async (...row) => {
    const [line, allowed] = row;
    judge(await load(pathToFileURL(built.main).href, ...line.split(' ')), allowed);
  });

  it('has no module twice, since a class that is there twice is two classes', () => {
    const modules = [...built.modules.values()].flat();
    expect(new Set(modules).size).toBe(modules.length);
    expect(built.modules.size).toBeLessThanOrEqual(53);
  });
});
