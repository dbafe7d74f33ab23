/** Everything that reads keys: no piece of one may be in an error, whatever was done to it. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { decodeHmacSecret } from '../../../src/auth/hmac-secret.js';
import { parseKeyAndSecret } from '../../../src/auth/key-file.js';
import { parsePrivateKey } from '../../../src/auth/key-material.js';
import { runCli } from '../../../src/cli/program.js';
import { Secret } from '../../../src/model/secret.js';
import { parseCoinbaseKeyFile } from '../../../src/venues/coinbase/auth.js';
import { createFakeCli } from '../../doubles/fake-cli.js';
import { require, requireSilence, type AnyFuzzSubject, type PlantedSecret } from '../subject.js';

/** A line of a PEM without what all keys begin with. */
const PIECE_CHARACTERS = 10;

function hide(text: string): PlantedSecret {
  return { text, pieceCharacters: PIECE_CHARACTERS };
}

const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ED = generateKeyPairSync('ed25519').privateKey;
const SEC1 = EC.export({ type: 'sec1', format: 'pem' }) as string;
const PKCS8 = EC.export({ type: 'pkcs8', format: 'pem' }) as string;
const ED_PEM = ED.export({ type: 'pkcs8', format: 'pem' }) as string;
const { d: edSeed = '', x: edPoint = '' } = ED.export({ format: 'jwk' });
const SEED = Buffer.from(edSeed, 'base64url');
const ED_RAW = Buffer.concat([SEED, Buffer.from(edPoint, 'base64url')]).toString('base64');
const HMAC = createHash('sha512').update('hmac').digest('base64');
/** The header of each container is the same in all keys; what follows is the key's own. */
const PEM_SECRETS = [SEC1, PKCS8, ED_PEM].map((pem) =>
  hide(pem.split('\n').slice(1, -2).join('').slice(60)),
);
const SECRETS = [...PEM_SECRETS, hide(ED_RAW), hide(HMAC)].filter(({ text }) => text.length > 20);

const NAME = 'organizations/one/apiKeys/two';
const KEY_FILES = [SEC1, PKCS8, ED_RAW].flatMap((privateKey) => [
  JSON.stringify({ name: NAME, privateKey }),
  JSON.stringify({ id: NAME, privateKey }, null, 2),
]);
const PAIR_FILES = [
  JSON.stringify({ key: 'the-key', secret: HMAC }),
  `KRAKEN_API_KEY=the-key\nKRAKEN_API_SECRET=${HMAC}\n`,
  `# a comment\nexport API_KEY="the-key"\nexport API_SECRET='${HMAC}'\n`,
  `key: the-key\r\nsecret: ${HMAC}\r\n`,
  `the-key\n${HMAC}\n`,
];

/** A command line on a file: what it prints is looked through as well. */
function commandOn(args: readonly string[], corpus: readonly string[]): AnyFuzzSubject {
  return {
    name: `keys/cli-${args[0]}`,
    corpus,
    codes: [],
    async readLater(bytes) {
      const { io, stdout, stderr } = createFakeCli({ files: { k: bytes.toString() } });
      const exitCode = await runCli([...args, '--key-file', 'k'], io);
      require(Number.isInteger(exitCode), 'No exit code', exitCode);
      require(exitCode === 0 || stderr.text !== '', 'A failure without a word', exitCode);
      require(!/TypeError|RangeError|SyntaxError/.test(stderr.text), 'A bug', stderr.text);
      requireSilence(stdout.text + stderr.text, SECRETS);
    },
  };
}

/** Readers of keys and of key files, and commands that are given such files. */
export function keySubjects(): AnyFuzzSubject[] {
  const common = { codes: ['KEY_INVALID'], secrets: SECRETS } as const;
  return [
    {
      name: 'keys/private-key',
      ...common,
      corpus: [SEC1, PKCS8, ED_PEM, ED_RAW, SEC1.replaceAll('\n', '\\n'), HMAC],
      read(bytes) {
        const { algorithm, key, form } = parsePrivateKey(bytes.toString());
        require(['ES256', 'EdDSA'].includes(algorithm), 'Another algorithm', algorithm);
        require(key.type === 'private' && form !== '', 'No private key', form);
        requireSilence(form, SECRETS);
      },
    },
    {
      name: 'keys/coinbase-file',
      ...common,
      corpus: KEY_FILES,
      read(bytes) {
        const { keyName, privateKey } = parseCoinbaseKeyFile(bytes.toString());
        require(typeof keyName === 'string' && keyName !== '', 'No name', keyName);
        require(privateKey instanceof Secret && privateKey.reveal() !== '', 'No key');
      },
    },
    {
      name: 'keys/pair-file',
      ...common,
      corpus: PAIR_FILES,
      read(bytes) {
        const { key, secret } = parseKeyAndSecret(bytes.toString());
        require(typeof key === 'string' && key !== '', 'No key', key);
        require(secret instanceof Secret && secret.reveal() !== '', 'No secret');
      },
    },
    {
      name: 'keys/hmac-secret',
      ...common,
      corpus: [HMAC, `"${HMAC}"`, ` ${HMAC}\n`, SEC1],
      read: (bytes) => require(decodeHmacSecret(bytes.toString()).length > 0, 'No bytes'),
    },
    commandOn(['jwt', 'coinbase'], [...KEY_FILES, SEC1]),
    commandOn(['headers', 'cloud9trader'], PAIR_FILES),
  ];
}
