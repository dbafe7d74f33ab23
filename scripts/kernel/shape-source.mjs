// Writes the reader of a frame's shape in AssemblyScript: its texts as constants, its values with
// the readers of assembly/. A frame that comes in parts is left, and gone on with, in or behind a
// list of levels, so each of these begins a step of a switch.

/** Of a list of one side. */
const NO_OTHER = '';

/** An integer of up to 64 bits, the first byte lowest, as loading it gives it. */
function toInteger(text) {
  const bytes = Buffer.from(text, 'latin1');
  return [...bytes].reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

const LOADS = { 8: 'i64', 4: 'u32', 2: 'u16', 1: 'u8' };

/** As far as a text may reach behind the frame: BEHIND_BYTES of assembly/memory.ts, less a word. */
const TEXT_BYTES_MAX = 248;

/** A text that no zeros behind a frame can be taken for. */
function assertText(text) {
  if (/^[\x20-\x7e]+$/.test(text) && text.length <= TEXT_BYTES_MAX) return;
  throw new Error(`"${text}" is no text of up to ${TEXT_BYTES_MAX} printable characters.`);
}

/** How a text is covered by loads: offset and width of each; the last may overlap. */
function listLoads(length) {
  if (length < 8) {
    const width = [4, 2, 1].find((one) => one <= length);
    const rest = length - width;
    const fits = [4, 2, 1].find((one) => one <= rest);
    const loads = [[0, width]];
    // Three bytes are two and one, five to seven are four and four that overlap.
    if (rest > 0) loads.push(width === 4 ? [length - 4, 4] : [width, fits]);
    return loads;
  }
  const loads = [];
  for (let offset = 0; offset + 8 < length; offset += 8) loads.push([offset, 8]);
  loads.push([length - 8, 8]);
  return loads;
}

/** An expression that is zero where the text stands at a place. */
function differs(text, place) {
  assertText(text);
  const terms = listLoads(text.length).map(([offset, width]) => {
    const wanted = toInteger(text.slice(offset, offset + width));
    const loaded = `load<${LOADS[width]}>(${place}, ${offset})`;
    const word = width === 8 ? loaded : `<i64>${loaded}`;
    return `(${word} ^ ${wanted})`;
  });
  return `(${terms.join(' | ')})`;
}

/** The same for one of two texts that are nearly as long, without a branch. */
function differsFromEither([first, other], place) {
  [first, other].forEach(assertText);
  const shorter = Math.min(first.length, other.length);
  const longer = Math.max(first.length, other.length);
  const covered = shorter - (shorter % 8);
  // Whole words, and the last one of each; all of the longer one has to be in these.
  if (covered === 0 || longer > covered + 8) {
    throw new Error(`"${first}" and "${other}" are too short, or differ too much in length.`);
  }
  const terms = [];
  const choose = (from, to) => {
    const [one, two] = [first, other].map((text) => toInteger(text.slice(from, to)));
    return `select<i64>(${two}, ${one}, isOther)`;
  };
  for (let offset = 0; offset < covered; offset += 8) {
    terms.push(`(load<i64>(${place}, ${offset}) ^ ${choose(offset, offset + 8)})`);
  }
  const lastAt = `${place} + select<i32>(${other.length - 8}, ${first.length - 8}, isOther)`;
  terms.push(`(load<i64>(${lastAt}) ^ ${choose(-8, undefined)})`);
  return `(${terms.join(' | ')})`;
}

class ShapeWriter {
  constructor({ name, steps }, facts) {
    this.name = name;
    this.steps = steps;
    this.facts = facts;
    this.lists = [];
    this.labels = 0;
    this.lines = [];
  }

  write() {
    for (const step of this.steps) this.writeStep(step);
    const lists = this.lists.map((shape, index) => this.writeList(shape, index));
    return [
      ...lists,
      `export function ${this.name}(at: i32, length: i32, isLast: bool, isFresh: bool): i32 {`,
      'beginPart(at, length, isFresh);',
      'let place = at;',
      'let next = step;',
      'while (true) {',
      'switch (next) {',
      'case 0:',
      ...this.lines,
      'return finish(place, isLast);',
      'default: return decline();',
      '}',
      '}',
      '}',
    ].join('\n');
  }

  factOf(name) {
    const at = this.facts[name];
    if (at === undefined) throw new Error(`There is no fact "${name}".`);
    return at;
  }

  /** Goes on with the next step where one of these was read. */
  take(call) {
    this.lines.push(`place = ${call};`, 'if (place == NOWHERE) return decline();');
  }

  /** A step that can be gone on with, or jumped to. */
  label() {
    this.labels += 1;
    return this.labels;
  }

  writeStep(step) {
    switch (step.kind) {
      case 'text':
        this.lines.push(`if (${differs(step.text, 'place')}) return decline();`);
        this.lines.push(`place += ${step.text.length};`);
        return;
      case 'note':
        this.lines.push(`putFact(${this.factOf(step.fact)}, ${step.value});`);
        return;
      case 'time':
        return this.take(`takeTime(place, ${this.factOf(step.fact)})`);
      case 'whole':
        return this.take(`takeWhole(place, ${this.factOf(step.fact)}, ${step.digitsMax})`);
      case 'symbol':
        return this.take('readSymbol(place)');
      case 'levels':
        return this.writeLevels(step.shape);
      case 'if':
        return this.writeBranches(step);
      default:
        throw new Error(`A step of the kind "${step.kind}" is not known.`);
    }
  }

  /** By jumps, since either branch may have lists, in which a part may end. */
  writeBranches({ text, then, otherwise }) {
    const other = this.label();
    const end = this.label();
    this.lines.push(`if (${differs(text, 'place')}) { next = ${other}; continue; }`);
    this.lines.push(`place += ${text.length};`);
    for (const step of then) this.writeStep(step);
    this.lines.push(`next = ${end}; continue;`, `case ${other}:`);
    for (const step of otherwise) this.writeStep(step);
    this.lines.push(`case ${end}:`);
  }

  writeLevels(shape) {
    const reader = `${this.name}List${this.lists.length}`;
    this.lists.push(shape);
    const [fresh, further, behind] = [this.label(), this.label(), this.label()];
    this.lines.push(
      `case ${fresh}:`,
      `case ${further}: {`,
      `const outcome = ${reader}(place, isLast, next != ${further});`,
      `if (outcome == PAUSED) return pause(${further}, listPlace);`,
      'if (outcome == DECLINED) return decline();',
      'place = listPlace;',
      '}',
      `case ${behind}:`,
      `if (isPartNearlyOver(place, isLast)) return pause(${behind}, place);`,
    );
  }

  writeList({ heads, time, beforeSize, seconds, end, otherEnd }, index) {
    const [[side, first], [, other] = [side, NO_OTHER]] = heads;
    const isTwoSided = other !== NO_OTHER;
    let pickAt = 0;
    while (isTwoSided && first[pickAt] === other[pickAt]) pickAt += 1;
    const headLength = isTwoSided
      ? `select<i32>(${other.length}, ${first.length}, isOther)`
      : `${first.length}`;
    const head = isTwoSided ? differsFromEither([first, other], 'place') : differs(first, 'place');
    const timeFact = time && this.factOf(time.fact);
    const lines = [
      `function ${this.name}List${index}(start: i32, isLast: bool, isFresh: bool): i32 {`,
      'let place = start;',
      'let index = count;',
      'if (isFresh) {',
      'if (isListEmpty(place)) return leaveList(place + 1, index, ENDED);',
      ...(time ? ['forgetListTime();'] : []),
      '}',
      'while (true) {',
      'if (isPartOver(place, index, isLast)) return leaveList(place, index, PAUSED);',
    ];
    if (isTwoSided) {
      lines.push(`const isOther = load<u8>(place, ${pickAt}) != ${first.charCodeAt(pickAt)};`);
    }
    if (time) {
      lines.push(
        `const timeAt = place + ${headLength};`,
        `if (timeLength == 0 && !readListTime(timeAt, ${timeFact})) return DECLINED;`,
        'const priceAt = timeAt + timeLength;',
        `if (${head} | differsFromListTime(timeAt) | ${differs(time.beforePrice, 'priceAt')})`,
        'return DECLINED;',
        `place = priceAt + ${time.beforePrice.length};`,
      );
    } else {
      lines.push(`if (${head}) return DECLINED;`, `place += ${headLength};`);
    }
    const check = 'if (place == NOWHERE) return DECLINED;';
    lines.push(
      'place = readPrice(place, index);',
      check,
      `if (${differs(beforeSize, 'place')}) return DECLINED;`,
      `place = readSize(place + ${beforeSize.length}, index);`,
      check,
    );
    if (seconds) {
      lines.push(
        `if (${differs(seconds.text, 'place')}) return DECLINED;`,
        `place = readSeconds(place + ${seconds.text.length}, ${this.factOf(seconds.fact)});`,
        check,
      );
    }
    const sideText = isTwoSided ? `select<i32>(${1 - side}, ${side}, isOther)` : `${side}`;
    lines.push(`putSide(index, ${sideText});`, 'index += 1;');
    if (otherEnd === undefined) {
      lines.push(`if (${differs(end, 'place')}) return DECLINED;`, `place += ${end.length};`);
    } else {
      lines.push(
        `if (!${differs(end, 'place')}) place += ${end.length};`,
        `else if (!${differs(otherEnd, 'place')}) place += ${otherEnd.length};`,
        'else return DECLINED;',
      );
    }
    lines.push(
      'const outcome = outcomeAfter(place);',
      'place += 1;',
      'if (outcome != PAUSED) return leaveList(place, index, outcome);',
      '}',
      '}',
    );
    return lines.join('\n');
  }
}

/** What the readers use of assembly/, by file. */
const USED = {
  bytes: ['NOWHERE'],
  frames: ['beginPart', 'decline', 'finish', 'pause', 'putFact', 'step', 'takeTime', 'takeWhole'],
  levels: [
    'count',
    'DECLINED',
    'differsFromListTime',
    'ENDED',
    'forgetListTime',
    'isListEmpty',
    'isPartNearlyOver',
    'isPartOver',
    'leaveList',
    'listPlace',
    'outcomeAfter',
    'PAUSED',
    'putSide',
    'readListTime',
    'readPrice',
    'readSeconds',
    'readSize',
    'timeLength',
  ],
  symbols: ['readSymbol'],
};

/** What the other side has to know of assembly/memory.ts. */
const EXPORTED = [
  'FACTS_AT',
  'FRAME_AT',
  'FRAME_BYTES_MAX',
  'LEVELS_MAX',
  'LONG_AT',
  'LONG_MAX',
  'MEMORY_BYTES',
  'PRICE_DECIMALS_AT',
  'PRICE_UNITS_AT',
  'READ_AT',
  'READ_BYTES',
  'RESULT_AT',
  'SIDES_AT',
  'SIZE_DECIMALS_AT',
  'SIZE_UNITS_AT',
  'SYMBOL_SLOTS',
];

/** The module's source: one function for each shape; `facts` says where each fact is. */
export function writeShapes(shapes, facts) {
  const imports = Object.entries(USED).map(
    ([file, names]) => `import { ${names.join(', ')} } from './${file}';`,
  );
  const exported = `export { ${EXPORTED.join(', ')} } from './memory';`;
  const readers = shapes.map((shape) => new ShapeWriter(shape, facts).write());
  return `${[...imports, exported, ...readers].join('\n\n')}\n`;
}
