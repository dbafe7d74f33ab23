// `npm run example -- NAME`: runs one file of examples/ against the simulator; `--live` leaves the
// addresses and keys to the environment, so that it talks to the exchange.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, root } from './setup.mjs';

const [name, ...rest] = process.argv.slice(2);
const names = readdirSync(join(root, 'examples'))
  .filter((file) => /^(?!signer-process)[^.]+\.ts$/.test(file))
  .map((file) => file.slice(0, -3));
if (!name || !names.includes(name)) {
  process.stderr.write(`Usage: npm run example -- NAME [--live]; NAME is ${names.join(', ')}.\n`);
  process.exit(2);
}

ensureBuilt();
const { default: ts } = await import('typescript');
const folder = join(root, '.cache', 'examples');
mkdirSync(folder, { recursive: true });
for (const file of readdirSync(join(root, 'examples')).filter((one) => one.endsWith('.ts'))) {
  const source = readFileSync(join(root, 'examples', file), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: 'es2022', module: 'esnext', verbatimModuleSyntax: true },
  });
  writeFileSync(join(folder, file.replace(/\.ts$/, '.js')), outputText);
}

const live = rest.includes('--live');
const exchange = live ? undefined : await startExchange();
const child = spawn(process.execPath, [join(folder, `${name}.js`)], {
  stdio: 'inherit',
  env: { ...process.env, ...exchange?.env },
});
child.on('exit', (code) => {
  void Promise.resolve(exchange?.close()).then(() => process.exit(code ?? 1));
});

async function startExchange() {
  const { simulate } = await import(join(root, 'dist', 'simulator', 'index.js'));
  const simulator = await simulate({ venues: { coinbase: {} } });
  const { wsUrl, userWsUrl, keyName, privateKey } = simulator.venues.coinbase;
  return {
    env: {
      COINBASE_WS_URL: wsUrl,
      COINBASE_USER_WS_URL: userWsUrl,
      COINBASE_KEY_NAME: keyName,
      COINBASE_KEY_SECRET: privateKey,
    },
    close: () => simulator.close(),
  };
}
