import { describeKeyDefect, type KeyDefect } from './key-defect.js';

/** One block between a BEGIN and an END line. */
export interface PemBlock {
  readonly label: string;
  readonly body: string;
  readonly isOnOneLine: boolean;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,60})-----([\s\S]*?)-----END ([A-Z0-9 ]{1,60})-----/g;
const PRIVATE = /PRIVATE KEY$/;

/** Blocks that are no key for us: label → what is wrong. The first that matches decides. */
const FOREIGN_LABELS: readonly (readonly [RegExp, KeyDefect])[] = [
  [/^ENCRYPTED PRIVATE KEY$/, 'encrypted'],
  [/^OPENSSH PRIVATE KEY$/, 'openssh-format'],
  [/^PGP /, 'pgp-format'],
];
const KEYLESS_LABELS: readonly (readonly [RegExp, KeyDefect])[] = [
  [/PUBLIC KEY$/, 'public-key'],
  [/CERTIFICATE/, 'certificate'],
  [/^PGP /, 'pgp-format'],
];

/**
 * Whether the text is, or once was, a PEM. All patterns here are bounded: a repeated part without
 * an end, tried from each place of a long text, takes the square of its length.
 */
export function looksLikePem(text: string): boolean {
  return /--\s*(BEGIN|END)\b/.test(text) || /\b(BEGIN|END) [A-Z0-9 ]{0,60}KEY\b/.test(text);
}

function findBlocks(text: string): PemBlock[] {
  return [...text.matchAll(BLOCK)].map(([whole, label = '', body = '']) => ({
    label,
    body,
    isOnOneLine: !whole.includes('\n'),
  }));
}

/** Says what is wrong with a text in which no whole block was found. */
function judgeBrokenArmour(text: string): KeyDefect {
  const begins = /-----BEGIN [A-Z0-9 ]{1,60}-----/.test(text);
  const ends = /-----END [A-Z0-9 ]{1,60}-----/.test(text);
  if (begins && ends) return 'armour-damaged';
  if (begins) return /-\s*END\b/.test(text) ? 'armour-damaged' : 'end-missing';
  if (ends) return /\bBEGIN\b/.test(text) ? 'armour-damaged' : 'begin-missing';
  return /--\s*BEGIN\b/.test(text) && !/-\s*END\b/.test(text) ? 'end-missing' : 'armour-damaged';
}

/**
 * Finds the one private key in a PEM text. Other blocks beside it (curve parameters, certificates)
 * are passed over; none, several, or a foreign kind is a KeyError that names the defect.
 */
export function findPrivateKeyBlock(text: string): PemBlock {
  const blocks = findBlocks(text);
  if (blocks.length === 0) throw describeKeyDefect(judgeBrokenArmour(text));
  const keys = blocks.filter((block) => PRIVATE.test(block.label));
  if (keys.length > 1) throw describeKeyDefect('several-keys', { count: keys.length });
  const key = keys[0];
  if (!key) {
    const found = KEYLESS_LABELS.find(([label]) => blocks.some((block) => label.test(block.label)));
    if (/-----BEGIN [A-Z0-9 ]{0,60}PRIVATE KEY-----/.test(text))
      throw describeKeyDefect('end-missing');
    throw describeKeyDefect(found?.[1] ?? 'no-private-key');
  }
  const foreign = FOREIGN_LABELS.find(([label]) => label.test(key.label));
  if (foreign) throw describeKeyDefect(foreign[1]);
  if (/Proc-Type:\s*4,\s*ENCRYPTED/i.test(key.body)) throw describeKeyDefect('encrypted');
  return key;
}
