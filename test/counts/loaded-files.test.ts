import { execFile } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileCli, type CompiledCli } from '../doubles/compiled-cli.js';

/** What one import may load: each file costs half a millisecond and more. */
interface Allowance {
  readonly filesMax: number;
  /** Folders of src whose code may be in those files; `.` is src itself. */
  readonly folders: readonly string[];
  readonly packages: readonly string[];
}

const FOR_FEED = ['.', 'book', 'feed', 'model', 'runtime', 'sequence', 'session'];
const FOR_VENUE = ['auth', 'book', 'model', 'runtime', 'sequence', 'wire'];
const COINBASE = 'venues/coinbase';
const KRAKEN = 'venues/kraken';
const CLOUD9TRADER = 'venues/cloud9trader';
const SERVERS = [COINBASE, KRAKEN, CLOUD9TRADER].flatMap((venue) => [venue, `${venue}/server`]);
const FOR_SIMULATOR = ['book', 'exchange', 'model', 'recording', 'runtime', 'simulator'];
const ALL = [...FOR_FEED, ...FOR_VENUE, ...FOR_SIMULATOR, ...SERVERS, 'cli'];

const ALLOWANCES: Readonly<Record<string, Allowance>> = {
  truefeed: { filesMax: 10, folders: FOR_FEED, packages: [] },
  'truefeed/auth': { filesMax: 10, folders: ['auth', 'model', 'runtime'], packages: [] },
  'truefeed/book': { filesMax: 4, folders: ['book', 'model'], packages: [] },
  'truefeed/sequence': { filesMax: 3, folders: ['sequence', 'model'], packages: [] },
  'truefeed/simulator': {
    filesMax: 10,
    folders: [...FOR_SIMULATOR, ...SERVERS],
    packages: ['ws', 'zod'],
  },
  'truefeed/venues/coinbase': { filesMax: 14, folders: [...FOR_VENUE, COINBASE], packages: [] },
  'truefeed/venues/kraken': { filesMax: 14, folders: [...FOR_VENUE, KRAKEN], packages: [] },
  'truefeed/venues/cloud9trader': {
    filesMax: 14,
    folders: [...FOR_VENUE, CLOUD9TRADER],
    packages: [],
  },
  'truefeed/venues/cloud9trader/client': {
    filesMax: 12,
    folders: ['auth', 'model', 'runtime', CLOUD9TRADER, `${CLOUD9TRADER}/client`],
    packages: [],
  },
};
const PROGRAM: Allowance = { filesMax: 28, folders: ALL, packages: ['commander', 'ws', 'zod'] };

/** Imports what it is told to and prints the address of every script that was compiled for it. */
const SCRIPT = `
  import { writeSync } from 'node:fs';
  import { Session } from 'node:inspector';
  const urls = [];
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params }) => urls.push(params.url));
  session.post('Debugger.enable');
  process.on('exit', () => writeSync(2, JSON.stringify(urls)));
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

async function load(...args: readonly string[]) {
  const given = ['--input-type=module', '--eval', SCRIPT, '--', ...args];
  const { stderr } = await promisify(execFile)(process.execPath, given, { cwd: built.folder });
  const urls = (JSON.parse(stderr) as string[]).filter((url) => url.startsWith('file:'));
  const dist = `${pathToFileURL(join(realpathSync(built.folder), 'dist')).href}/`;
  const files = urls.filter((url) => url.startsWith(dist)).map((url) => url.slice(dist.length));
  const packages = urls.flatMap((url) => /.*\/node_modules\/([^/]+)/.exec(url)?.[1] ?? []);
  const folders = files.flatMap((file) => built.modules.get(file)!).map(folderOf);
  return { files, folders: new Set(folders), packages: new Set(packages) };
}

function judge(loaded: Awaited<ReturnType<typeof load>>, allowed: Allowance): void {
  expect(loaded.files.length).toBeGreaterThan(0);
  expect(loaded.files.length, loaded.files.join(', ')).toBeLessThanOrEqual(allowed.filesMax);
  expect([...loaded.folders].filter((one) => !allowed.folders.includes(one))).toEqual([]);
  expect([...loaded.packages].filter((one) => !allowed.packages.includes(one))).toEqual([]);
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

  it('loads few files for the command line', async () => {
    judge(await load(pathToFileURL(built.main).href, '--help'), PROGRAM);
  });

  it('has no module twice, since a class that is there twice is two classes', () => {
    const modules = [...built.modules.values()].flat();
    expect(new Set(modules).size).toBe(modules.length);
    expect(built.modules.size).toBeLessThanOrEqual(40);
  });
});
