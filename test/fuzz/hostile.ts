/** Values and names that parsers have stumbled over, as they are written. */
const DEEP = 20_000;

/** May stand for any value. */
export const HOSTILE_VALUES: readonly string[] = [
  ...['null', 'true', 'false', '0', '-0', '-1', '1.5', '1e400', '-1e400', '1e-400', '2e308'],
  ...['9007199254740993', '123456789012345678901234567890', '4294967296', '-2147483649'],
  ...['1E5', '1e-08', '1e+2', '253402300800', '8640000000000001', '1e300', '0.1e1'],
  ...['NaN', 'Infinity', '-Infinity', 'undefined', '01', '.5', '5.', '+1', '0x10', '1_000', '"'],
  ...['""', '" "', '"0"', '"-0"', '"-1"', '"1e5"', '"1e400"', '"NaN"', '"Infinity"', '"0x10"'],
  ...['"1."', '".5"', '"00.5"', '"+5"', '"1,5"', '"٣"', '"５"', '"1 "', '"1\\n"', '"null"'],
  ...['"constructor"', '"__proto__"', '"toString"', '"hasOwnProperty"', '"then"', '"length"'],
  ...['"\\u0000"', '"\\ud800"', '"\\udfff\\ud800"', '"\\u2028"', '"\\u001b[2J"', '"\\r\\n"'],
  ...['"2026-13-45T99:99:99Z"', '"0000-00-00T00:00:00Z"', '"+275760-09-13T00:00:00.001Z"'],
  ...['"9999-12-31T23:59:60.999999999Z"', '"2026-08-09"', '"2026-08-09T02:39:53+99:99"'],
  ...['[]', '{}', '[null]', '[[]]', '[{}]', '["x"]', '[0]', '[[],[],[]]', '{"a":1}', '[1e400]'],
  ...['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}'],
  ...['{"toString":null}', '{"toJSON":1}', '{"then":1}', '{"length":-1}', '{"valueOf":{}}'],
  `"${'9'.repeat(400)}"`,
  '9'.repeat(400),
  `0.${'0'.repeat(400)}1`,
  `"0.${'1'.repeat(400)}"`,
  `"${'x'.repeat(10_000)}"`,
  `"${'-'.repeat(5_000)}"`,
  `"${'\\"'.repeat(2_000)}"`,
  `"${' '.repeat(5_000)}"`,
  `"${'a/'.repeat(2_000)}"`,
  `"${'1'.repeat(5_000)}e"`,
  `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
  `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
  '['.repeat(DEEP),
  `[${'0,'.repeat(3_000)}0]`,
];

/** May stand for any name. */
export const HOSTILE_NAMES: readonly string[] = [
  ...['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'valueOf', 'toJSON'],
  ...['then', 'length', '', '0', '-1', 'a.b', 'x'.repeat(1_000), '\u0000', '\ud800'],
];

/** May stand anywhere in a text that is not JSON. */
export const HOSTILE_TEXTS: readonly string[] = [
  ...['', ' ', '\n', '\r\n', '\r', '\t', '\0', '\uFEFF', '\u200B', '\u00A0', '\u2028', '\ud800'],
  ...['=', ':', '"', "'", '`', '\\', '\\n', '\\\\n', '#', '--', '-----', '=====', '$(x)', '%00'],
  ...['-----BEGIN PRIVATE KEY-----', '-----END PRIVATE KEY-----', '-----BEGIN ', 'export '],
  ...['key=', 'secret=', '{', '}', '[', ']', 'null', '__proto__=1', '<html>', '🔑', '٣', '1e400'],
  '-'.repeat(3_000),
  ' '.repeat(3_000),
  '\n'.repeat(2_000),
  `${'\\'.repeat(2_000)}n`,
  'A'.repeat(5_000),
  '-----BEGIN '.repeat(300),
  'eyJ.'.repeat(800),
  '="'.repeat(1_000),
];
