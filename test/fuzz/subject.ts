import { inspect } from 'node:util';
import { TruefeedError, type ErrorCode } from '../../src/model/error.js';

/** A text that must not be shown. */
export interface PlantedSecret {
  readonly text: string;
  /** A piece of so many characters gives it away. */
  readonly pieceCharacters: number;
  /** It need not be hidden once it is damaged itself, since nothing could know it then. */
  readonly onlyWhole?: boolean;
}

/** What a fuzzed parser is, and what may come of it. */
export interface FuzzSubject {
  /** `folder/what`, to be asked for by. */
  readonly name: string;
  /** Texts that it reads, to begin with. */
  readonly corpus: readonly string[];
  /** Codes of the errors that it documents. None: it never throws. */
  readonly codes: readonly ErrorCode[];
  /** What stands in the corpus and must be in no error, nor any piece of it. */
  readonly secrets?: readonly PlantedSecret[];
  /** Reads, and throws an Error of the test where what came of it has not the documented shape. */
  readonly read: (bytes: Buffer) => unknown;
}

/** A subject whose parser is asynchronous. */
export interface AsyncFuzzSubject extends Omit<FuzzSubject, 'read'> {
  readonly readLater: (bytes: Buffer) => Promise<unknown>;
}

/** Either. */
export type AnyFuzzSubject = FuzzSubject | AsyncFuzzSubject;

const MESSAGE_CHARACTERS_MAX = 2_000;

const PROTOTYPE_NAMES = String(Object.getOwnPropertyNames(Object.prototype));
const ARRAY_NAMES = String(Object.getOwnPropertyNames(Array.prototype));

const piecesBySecret = new Map<PlantedSecret, readonly string[]>();

/** Pieces of a secret, any of which would give it away. */
function piecesOf(secret: PlantedSecret): readonly string[] {
  const known = piecesBySecret.get(secret);
  if (known) return known;
  const { text, pieceCharacters } = secret;
  const count = Math.max(1, text.length - pieceCharacters + 1);
  const pieces = Array.from({ length: count }, (_, at) => text.slice(at, at + pieceCharacters));
  piecesBySecret.set(secret, pieces);
  return pieces;
}

/** Everything that a log of an error could show, its causes included. */
function showError(error: unknown): string {
  return inspect(error, { depth: 8, maxStringLength: 100_000, breakLength: Infinity });
}

/** Throws where a piece of a secret can be seen. */
export function requireSilence(shown: string, secrets: readonly PlantedSecret[]): void {
  for (const secret of secrets) {
    // Quotes that were put around the numbers in it would hide a piece from this test only.
    const joined = shown.replaceAll(/["'\\]/g, '');
    const piece = piecesOf(secret).find((one) => shown.includes(one) || joined.includes(one));
    if (piece !== undefined) throw new Error(`A piece of a secret is shown: ${shown}`);
  }
}

function requireCleanPrototypes(): void {
  const isClean =
    ({} as { polluted?: unknown }).polluted === undefined &&
    String(Object.getOwnPropertyNames(Object.prototype)) === PROTOTYPE_NAMES &&
    String(Object.getOwnPropertyNames(Array.prototype)) === ARRAY_NAMES;
  if (!isClean) throw new Error('A prototype of all objects was changed.');
}

/** An error that is documented is an answer; any other is thrown on. */
function judgeError(
  error: unknown,
  { codes, secrets = [] }: Omit<FuzzSubject, 'read'>,
  bytes: Buffer,
): void {
  if (!(error instanceof TruefeedError) || !codes.includes(error.code)) throw error;
  if (error.message.length > MESSAGE_CHARACTERS_MAX || !/^\P{Cc}+$/u.test(error.message)) {
    throw new Error(`The message of ${error.code} is no line to print: ${error.message}`);
  }
  const hidden = secrets.filter(({ text, onlyWhole }) => !onlyWhole || bytes.includes(text));
  requireSilence(showError(error), hidden);
}

/** What came of one case. */
export type CaseResult = 'read' | 'refused';

/** Plays one case; throws where a property does not hold. */
export function playCase(subject: FuzzSubject, bytes: Buffer): CaseResult {
  let result: CaseResult = 'read';
  try {
    subject.read(bytes);
  } catch (error) {
    judgeError(error, subject, bytes);
    result = 'refused';
  }
  requireCleanPrototypes();
  return result;
}

/** The same for a parser that takes its time. */
export async function playCaseLater(subject: AsyncFuzzSubject, bytes: Buffer): Promise<CaseResult> {
  let result: CaseResult = 'read';
  try {
    await subject.readLater(bytes);
  } catch (error) {
    judgeError(error, subject, bytes);
    result = 'refused';
  }
  requireCleanPrototypes();
  return result;
}

/** Throws unless something holds; for what a parser returned. */
export function require(holds: boolean, what: string, value?: unknown): asserts holds {
  if (!holds) throw new Error(`${what}: ${inspect(value, { depth: 4 }).slice(0, 2_000)}`);
}

const PLAIN: ReadonlySet<unknown> = new Set([null, Object.prototype, Array.prototype]);

/** No object in a value may have a prototype of the sender's making, or be too deep to print. */
export function requirePlain(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  require(PLAIN.has(Object.getPrototypeOf(value)), 'An object is of a foreign kind', value);
  require(!Object.hasOwn(value, '__proto__'), 'An object has a field __proto__', value);
  for (const one of Object.values(value)) requirePlain(one);
}
