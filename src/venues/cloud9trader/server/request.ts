/** What a client may ask, read from one message. Pure. */
import { quoteNumbers } from '../../../book/number-text.js';
import {
  INSTRUCTIONS,
  PRIVATE_TOPICS,
  PUBLIC_FAMILIES,
  PUSHED_TOPICS,
  RESERVED_NAMES,
  type Instruction,
  type PrivateTopic,
  type PublicFamily,
} from '../messages.js';
import type { SubmittedBody } from './submission.js';

/** Longer ones are no names, and would be echoed. */
const NAME_CHARACTERS_MAX = 200;
const SHOWN_CHARACTERS_MAX = 80;

/** A topic as this server knows it, before it is known whether the instrument is. */
export type ServerTopic =
  | { readonly kind: 'public'; readonly family: PublicFamily; readonly symbol: string }
  | { readonly kind: 'private'; readonly name: PrivateTopic }
  | { readonly kind: 'pushed' };

/**
 * One message, understood or not. `requestId` is undefined where none was given or none is usable.
 */
export type ClientRequest =
  | { readonly kind: 'refused'; readonly text: string; readonly requestId: string | undefined }
  | {
      readonly kind: 'submit';
      readonly name: string;
      readonly body: SubmittedBody;
      readonly requestId: string | undefined;
    }
  | {
      readonly kind: 'request';
      readonly name: string;
      readonly topic: ServerTopic;
      readonly requestId: string | undefined;
    }
  | {
      readonly kind: 'subscribe' | 'unsubscribe';
      readonly name: string;
      readonly topic: ServerTopic;
    };

const KNOWN_INSTRUCTIONS: ReadonlySet<unknown> = new Set(INSTRUCTIONS);
const NAMES = [...PRIVATE_TOPICS, ...PUSHED_TOPICS, ...RESERVED_NAMES];

/** Reads a message; whatever it holds, it does not throw. */
export function readRequest(text: string): ClientRequest {
  const elements = parseList(text);
  if (!elements) return refuse('Malformed message: one JSON array a frame is due');
  const [instruction, name] = elements;
  if (!isInstruction(instruction)) {
    return refuse(`Unknown instruction; there are: ${INSTRUCTIONS.join(', ')}`);
  }
  const givenId = instruction === 'submit' ? elements[3] : elements[2];
  const requestId = isUsableId(givenId) ? givenId : undefined;
  if (typeof name !== 'string') return refuse('Malformed message: a name is due second', requestId);
  const takesId = instruction === 'request' || instruction === 'submit';
  if (takesId && givenId !== undefined && givenId !== null && requestId === undefined) {
    return refuse('Malformed request id: a short text is due that is no name of a channel');
  }
  if (instruction === 'submit') {
    const digits = parseList(quoteNumbers(text))?.[2];
    return { kind: 'submit', name, body: { values: elements[2], digits }, requestId };
  }
  const topic = readTopic(name);
  if (!topic) return refuse(describeUnknown(name), takesId ? requestId : undefined);
  if (instruction === 'request') return { kind: 'request', name, topic, requestId };
  return { kind: instruction, name, topic };
}

/** How an unknown topic is refused; the name is shown as far as it is safe to echo. */
export function describeUnknown(name: string): string {
  const shown = name.slice(0, SHOWN_CHARACTERS_MAX).replace(/[^\x20-\x7e]/g, '?');
  return `Unknown topic "${shown}"`;
}

function refuse(text: string, requestId?: string): ClientRequest {
  return { kind: 'refused', text, requestId };
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    // A text that cannot be parsed is answered like any other that is not understood.
    return undefined;
  }
}

function isInstruction(value: unknown): value is Instruction {
  return KNOWN_INSTRUCTIONS.has(value);
}

/**
 * An id shares its place with topics and events: one that is such a name would be mistaken for it.
 */
function isUsableId(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || value.length > NAME_CHARACTERS_MAX) return false;
  return !NAMES.includes(value) && readTopic(value) === undefined;
}

/** `<family>.<symbol>:<broker>`, split at the first point and the last colon; or a private name. */
function readTopic(name: string): ServerTopic | undefined {
  if (name.length > NAME_CHARACTERS_MAX) return undefined;
  const privateName = PRIVATE_TOPICS.find((one) => one === name);
  if (privateName) return { kind: 'private', name: privateName };
  if (PUSHED_TOPICS.some((one) => one === name)) return { kind: 'pushed' };
  const family = PUBLIC_FAMILIES.find((one) => name.startsWith(`${one}.`));
  if (!family) return undefined;
  const symbol = name.slice(family.length + 1);
  return symbol.lastIndexOf(':') > 0 ? { kind: 'public', family, symbol } : undefined;
}
