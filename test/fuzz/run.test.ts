import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/model/error.js';
import { fuzz } from './run.js';
import { require, type FuzzSubject } from './subject.js';

const PLAN = { runs: 1_000, seed: 5 };
const SECRET = 'x5aQ0RCC7hBYNVh53sTv1yZ5H4wIbwDF20PiHtTF14UI';
const CORPUS = [JSON.stringify({ price: '1.5', levels: [['1', '2']], token: SECRET })];

function subjectOf(read: FuzzSubject['read']): FuzzSubject {
  const secrets = [{ text: SECRET, pieceCharacters: 12 }];
  return { name: 'a parser', corpus: CORPUS, codes: ['OPTION_INVALID'], secrets, read };
}

interface Parsed {
  readonly price: string;
  readonly levels: readonly (readonly string[])[];
}

/** As it is often written: only the text is checked. */
function parse(bytes: Buffer): Parsed {
  try {
    return JSON.parse(bytes.toString()) as Parsed;
  } catch {
    throw new ConfigError('OPTION_INVALID', 'Not JSON.');
  }
}

describe('fuzzing finds', () => {
  it('a TypeError, and says how to see it again', async () => {
    const subject = subjectOf((bytes) => parse(bytes).levels.map(([price]) => price?.length));
    const failure = await fuzz(subject, PLAN).then(() => '', String);
    expect(failure).toContain('TypeError');
    const [, seed, path] = /--seed (\d+) --path ([\d:]+)/.exec(failure) ?? [];
    const again = await fuzz(subject, { ...PLAN, seed: Number(seed), path }).then(() => '', String);
    expect(again).toContain('TypeError');
  });

  it('a value of another shape', async () => {
    const subject = subjectOf((bytes) => {
      const { price } = Object(parse(bytes)) as Partial<Parsed>;
      require(price === undefined || typeof price === 'string', 'No price', price);
    });
    await expect(fuzz(subject, PLAN)).rejects.toThrow('No price');
  });

  it('an error with a code of another place', async () => {
    const subject = subjectOf(() => {
      throw new ConfigError('PORT_IN_USE', 'No.');
    });
    await expect(fuzz(subject, PLAN)).rejects.toThrow('ConfigError: No.');
  });

  it('a secret in a message, and one in its cause', async () => {
    const inMessage = subjectOf((bytes) => {
      const text = bytes.toString('latin1').replace(/\P{ASCII}|\p{Cc}/gu, '');
      throw new ConfigError('OPTION_INVALID', `Not this: ${text.slice(0, 500)}`);
    });
    await expect(fuzz(inMessage, PLAN)).rejects.toThrow('A piece of a secret is shown');
    const inCause = subjectOf((bytes) => {
      throw new ConfigError('OPTION_INVALID', 'No.', { cause: new Error(bytes.toString()) });
    });
    await expect(fuzz(inCause, PLAN)).rejects.toThrow('A piece of a secret is shown');
  });

  it('a prototype that was changed', async () => {
    const subject = subjectOf((bytes) => {
      const value = Object(parse(bytes)) as Record<string, Record<string, unknown>>;
      for (const name of Object.keys(value)) {
        const target = {} as Record<string, Record<string, unknown>>;
        for (const [field, one] of Object.entries(Object(value[name]) as object)) {
          const inner = target[name];
          if (typeof inner === 'object') inner[field] = one;
        }
      }
    });
    const prototype = Object.prototype as Record<string, unknown>;
    const before = new Set(Object.getOwnPropertyNames(prototype));
    try {
      await expect(fuzz(subject, PLAN)).rejects.toThrow('A prototype of all objects was changed');
    } finally {
      for (const name of Object.getOwnPropertyNames(prototype)) {
        if (!before.has(name)) delete prototype[name];
      }
    }
  });
});

it('nothing is found in a parser that keeps to what it says', async () => {
  const counts = await fuzz(subjectOf(parse), PLAN);
  expect(counts.read).toBeGreaterThan(100);
  expect(counts.refused).toBeGreaterThan(100);
});
