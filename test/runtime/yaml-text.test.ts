import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/model/error.js';
import { readYamlText } from '../../src/runtime/yaml-text.js';

const TEXT = `# Two faults.
rules:
  - fault: drop
  - fault: delay
    at:
      kind: update
    every: &twice { frames: 2 }
  - { fault: drop, every: *twice }
`;

/** Nine uses of what has nine uses of what …: 4 kB that would be gigabytes. */
const BOMB = ['a: &a [x,x,x,x,x,x,x,x,x]']
  .concat([...'bcdefgh'].map((name, at) => `${name}: &${name} [${`*${'abcdefg'[at]},`.repeat(9)}]`))
  .join('\n');

async function refusalOf(text: string): Promise<string> {
  const error: unknown = await readYamlText(text, "'f.yaml'").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).message;
}

describe('YAML that a person wrote', () => {
  it('is read as what it would be in JSON', async () => {
    expect((await readYamlText(TEXT, 'x')).value).toEqual({
      rules: [
        { fault: 'drop' },
        { fault: 'delay', at: { kind: 'update' }, every: { frames: 2 } },
        { fault: 'drop', every: { frames: 2 } },
      ],
    });
    expect((await readYamlText('a: yes\nb: 2026-11-27\nc: 0.10\nd:', 'x')).value).toEqual({
      a: 'yes',
      b: '2026-11-27',
      c: 0.1,
      d: null,
    });
    const others = 'a: 0xFF\nb: 0o17\nc: 0.0e5\nd: !!str 1\ne: !!map {f: !!seq [!!int "2"]}';
    expect((await readYamlText(others, 'x')).value).toEqual({
      a: 255,
      b: 15,
      c: 0,
      d: '1',
      e: { f: [2] },
    });
  });

  it.each([
    [[], 2],
    [['rules'], 2],
    [['rules', 0, 'fault'], 3],
    [['rules', 1], 4],
    [['rules', 1, 'at', 'kind'], 6],
    [['rules', 1, 'delayMs'], 4],
    [['rules', 2, 'every', 'frames'], 7],
    [['rules', 9, 'fault'], 2],
  ])('%j begins in line %i', async (path, line) => {
    expect((await readYamlText(TEXT, 'x')).lineOf(path)).toBe(line);
  });

  it.each([
    ['a: 1\na: 2', 'line 2, column 1, map keys must be unique'],
    ['a: [1', 'line 1, column 6, '],
    ['a:\n\t- 1', 'line 2, column 1, tabs are not allowed'],
    ['a: 1\n---\nb: 2', 'line 2, column 1, a second document begins'],
    ['a: !!js/function x', 'line 1, column 4, unresolved tag'],
    ['1: 2', 'line 1, column 1, a name is no text; put quotes around it'],
    ['? [a]\n: 2', 'line 1, column 3, a name is no text'],
    ['a: 12345678901234567890', 'line 1, column 4, 12345678901234567890 is not kept as a number'],
    ['a: 0.1234567890123456', 'line 1, column 4, 0.1234567890123456 is not kept as a number'],
    ['a: .inf', 'line 1, column 4, .inf is not kept as a number'],
    ['a: &a [*a]', 'line 1, column 8, *a stands in itself'],
    ['a: 1\nb: *nobody', 'line 2, column 4, nothing is named &nobody before it'],
    ['a: 0xFFFFFFFFFFFFFFFFF', 'line 1, column 4, 0xFFFFFFFFFFFFFFFFF is not kept'],
    ['a: 0xE0000000000001', 'line 1, column 4, 0xE0000000000001 is not kept as a number'],
    ['a: 1e-400', 'line 1, column 4, 1e-400 is not kept as a number'],
    ['a: !!binary aGk=', 'line 1, column 4, unresolved tag: tag:yaml.org,2002:binary'],
    ['a: !!set {x}', 'line 1, column 4, unresolved tag: tag:yaml.org,2002:set'],
    ['a: !!omap [b: 1]', 'line 1, column 4, unresolved tag: tag:yaml.org,2002:omap'],
    [BOMB, 'line 1, column 1, what is named with & is used with * too often'],
    ['['.repeat(50_000), 'it is nested too deeply'],
    ['a: "\u0007', 'line 1, column '],
  ])('says where it is none, or cannot be meant: %j', async (text, says) => {
    const message = await refusalOf(text);
    expect(message).toContain("'f.yaml' is not YAML as it is read here: ");
    expect(message).toContain(says);
    expect(message).not.toMatch(/\p{Cc}/u);
  });

  it('has every JSON in it, and any damage of one is read or refused with its line', async () => {
    const damage = fc.record({ value: fc.jsonValue(), cut: fc.nat(200), add: fc.string() });
    await fc.assert(
      fc.asyncProperty(damage, async ({ value, cut, add }) => {
        const text = JSON.stringify(value);
        const read = await readYamlText(text, 'x').catch((error: unknown) => error);
        if (read instanceof ConfigError) expect(read.message).toMatch(/kept as a number|unique/);
        else expect(read).toMatchObject({ value: JSON.parse(text) as unknown });
        const damaged = text.slice(0, cut) + add + text.slice(cut);
        const other: unknown = await readYamlText(damaged, 'x').catch((error: unknown) => error);
        if (other instanceof Error) expect(other).toMatchObject({ code: 'OPTION_INVALID' });
        else expect(other).toHaveProperty('value');
      }),
      { numRuns: 300 },
    );
  });
});
