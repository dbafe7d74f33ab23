/** Who may import whom, "and nothing else". The longest matching folder decides. */
export const IMPORT_RULES: Readonly<Record<string, readonly string[]>> = {
  'src/model': [],
  'src/runtime': ['src/model'],
  'src/sequence': ['src/model'],
  'src/book': ['src/model'],
  'src/wire': ['src/model', 'src/book'],
  'src/auth': ['src/model', 'src/runtime'],
  'src/venues/*': ['src/model', 'src/auth', 'src/sequence', 'src/book', 'src/wire'],
  'src/exchange': ['src/model', 'src/runtime', 'src/book'],
  'src/venues/*/server': ['src/exchange', 'src/model', 'src/runtime', 'src/book'],
  'src/venues/*/client': ['src/model', 'src/runtime'],
  'src/session': ['src/model', 'src/runtime'],
  'src/feed': ['src/session', 'src/sequence', 'src/book', 'src/runtime', 'src/model'],
  'src/recording': ['src/model', 'src/runtime'],
  'src/simulator': [
    'src/venues/*/server',
    'src/exchange',
    'src/book',
    'src/recording',
    'src/runtime',
    'src/model',
  ],
};

/** Modules that touch the world. Only `src/runtime` and `src/cli` may import them. */
export const WORLDLY_MODULES = [
  'node:fs',
  'node:fs/promises',
  'node:http',
  'node:https',
  'node:net',
  'node:tls',
  'node:timers',
  'node:timers/promises',
  'node:child_process',
  'node:os',
  'node:process',
  'ws',
];

/** Names of globals that touch the world, as they appear in a call or a reading. */
export const WORLDLY_GLOBALS =
  /\b(Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|setTimeout\(|setInterval\(|setImmediate\(|process\.(env|stdout|stderr|hrtime|on|exit)|fetch\()/;

/** Folder names that say nothing about what is inside. */
export const EMPTY_NAMES = ['utils', 'util', 'core', 'common', 'shared', 'helpers', 'lib', 'misc'];

export const LINE_COLUMNS_MAX = 100;
export const FILE_LINES_MAX = 400;
export const FUNCTION_LINES_MAX = 70;
export const PARAMETERS_MAX = 3;
