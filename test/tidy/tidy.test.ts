import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  EMPTY_NAMES,
  FILE_LINES_MAX,
  FUNCTION_LINES_MAX,
  IMPORT_RULES,
  LINE_COLUMNS_MAX,
  PARAMETERS_MAX,
  WORLDLY_GLOBALS,
  WORLDLY_MODULES,
} from './rules.js';
import {
  functionsOf,
  importsOf,
  listFolders,
  readSources,
  rootFolder,
  undocumentedExports,
  type SourceFile,
} from './source-tree.js';

const sources = readSources('src');
const all = [...sources, ...readSources('test', 'examples')];

/** The rule's folder for a path: `src/venues/*` matches any one venue. */
function folderOf(path: string): string | undefined {
  const folder = dirname(path);
  return Object.keys(IMPORT_RULES)
    .filter((rule) => new RegExp(`^${rule.replaceAll('*', '[^/]+')}(/|$)`).test(folder))
    .sort((a, b) => b.length - a.length)[0];
}

function venueOf(path: string): string | undefined {
  return /^src\/venues\/([^/]+)\//.exec(path)?.[1];
}

/** Says what is wrong with one import, or undefined. */
function judgeImport(file: SourceFile, specifier: string): string | undefined {
  const rule = folderOf(file.path);
  if (!rule || !specifier.startsWith('.')) return undefined;
  const target = normalize(join(dirname(file.path), specifier)).replaceAll('\\', '/');
  const targetRule = folderOf(target) ?? dirname(target);
  const venue = venueOf(file.path);
  if (targetRule === rule && venueOf(target) === venue) return undefined;
  const ownMessages = venue && target === `src/venues/${venue}/messages.js`;
  if (rule === 'src/venues/*/server' && ownMessages) return undefined;
  const ownVenue = targetRule === 'src/venues/*' && venueOf(target) === venue;
  if (rule === 'src/venues/*/client' && ownVenue) return undefined;
  const sameVenue = rule !== 'src/simulator' && targetRule.startsWith('src/venues');
  if (!sameVenue && IMPORT_RULES[rule]?.includes(targetRule)) return undefined;
  return `${file.path} imports ${specifier}; ${rule} may use only: ${String(IMPORT_RULES[rule])}.`;
}

/** Text without comments, so that a rule about code is not broken by an explanation. */
function codeOf(file: SourceFile): string {
  return file.text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
}

describe('the tree is tidy', () => {
  it('reads a tree with files in it', () => {
    expect(sources.length).toBeGreaterThan(10);
  });

  it('keeps every folder to its imports', () => {
    const broken = sources.flatMap((file) =>
      importsOf(file).flatMap((specifier) => judgeImport(file, specifier) ?? []),
    );
    expect(broken, 'Move the code, or pass in what it needs.').toEqual([]);
  });

  it('lets only runtime and the command line touch the world', () => {
    const broken = sources
      .filter((file) => !/^src\/(runtime|cli)\//.test(file.path))
      .filter(
        (file) =>
          importsOf(file).some((one) => WORLDLY_MODULES.includes(one)) ||
          WORLDLY_GLOBALS.test(codeOf(file)),
      )
      .map((file) => file.path);
    expect(broken, 'Take the clock, timers, sockets or files as an argument.').toEqual([]);
  });

  it('names no venue in code that all venues share', () => {
    const venues = readdirSync(join(rootFolder, 'src/venues'));
    const word = new RegExp(`(${venues.join('|')})`, 'i');
    const broken = sources
      .filter((file) => !/^src\/(venues|cli|simulator|gateway)\//.test(file.path))
      .filter((file) => word.test(file.text))
      .map((file) => file.path);
    expect(broken, 'Ask the Venue contract for the fact instead of naming the venue.').toEqual([]);
  });

  it('keeps files, functions, lines and parameter lists short', () => {
    const broken = all.flatMap((file) => [
      ...(file.lines.length > FILE_LINES_MAX + 1
        ? [`${file.path}: ${file.lines.length} lines`]
        : []),
      ...file.lines.flatMap((line, index) =>
        line.length > LINE_COLUMNS_MAX && !/\S{60,}/.test(line)
          ? [`${file.path}:${index + 1}`]
          : [],
      ),
      ...functionsOf(file).flatMap((one) => [
        ...(one.lineCount > FUNCTION_LINES_MAX && !file.path.startsWith('test/')
          ? [`${file.path}:${one.line} ${one.name} has ${one.lineCount} lines`]
          : []),
        ...(one.parameterCount > PARAMETERS_MAX
          ? [`${file.path}:${one.line} ${one.name} has ${one.parameterCount} parameters`]
          : []),
      ]),
    ]);
    expect(broken, 'Split it by what it is about.').toEqual([]);
  });

  it('says in a sentence what each export of src is for', () => {
    const missing = sources
      .filter((file) => !file.path.startsWith('src/cli/'))
      .flatMap((file) => undocumentedExports(file).map((name) => `${file.path}: ${name}`));
    expect(missing).toEqual([]);
  });

  it('has named exports only, and re-exports only in entry files', () => {
    const broken = sources.flatMap((file) => [
      ...(/^export default\b/m.test(file.text) ? [`${file.path}: default export`] : []),
      ...(/^export (\*|\{[^}]*\}|type \{[^}]*\}) from/m.test(file.text) &&
      !file.path.endsWith('/index.ts')
        ? [`${file.path}: re-export`]
        : []),
    ]);
    expect(broken).toEqual([]);
  });

  it('gives files kebab-case names and folders telling ones', () => {
    const files = all
      .map((file) => file.path)
      .filter(
        (path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.bench)?\.ts$/.test(path.split('/').at(-1)!),
      );
    const folders = listFolders('src').filter((path) =>
      EMPTY_NAMES.includes(path.split('/').at(-1)!),
    );
    expect([...files, ...folders]).toEqual([]);
  });

  it('switches no test off without a reason beside it', () => {
    const broken = readSources('test').flatMap((file) =>
      file.lines.flatMap((line, index) =>
        new RegExp('\\b(it|test|describe)\\.(only|todo|skip)\\(').test(line)
          ? [`${file.path}:${index + 1}`]
          : [],
      ),
    );
    expect(broken, 'Use it.skipIf(condition) with the reason in the name.').toEqual([]);
  });

  it('tracks no path of a machine and no registry host', () => {
    const files = execFileSync('git', ['ls-files', '-z'], { cwd: rootFolder, encoding: 'utf8' })
      .split('\0')
      .filter((path) => path && !path.endsWith('.svg'));
    const forbidden = new RegExp(
      ['/' + 'root/', '/' + 'work/main', 'registry\\.' + 'npmjs'].join('|'),
    );
    const broken = files.filter((path) =>
      forbidden.test(readFileSync(join(rootFolder, path), 'utf8')),
    );
    expect(broken).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  it('prints the import rules that are kept', () => {
    const page = readFileSync(join(rootFolder, 'ARCHITECTURE.md'), 'utf8');
    for (const [folder, allowed] of Object.entries(IMPORT_RULES)) {
      const list = allowed.map((one) => `\`${one}\``).join(', ') || 'nothing';
      expect(page).toContain(`| \`${folder}\` | ${list} |`);
    }
  });
});
