import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compileCli, type CompiledCli } from '../doubles/compiled-cli.js';

const FRAME =
  '{"channel":"l2_data","timestamp":"2026-08-09T02:39:53.5Z","sequence_num":17,"events":[{"type":' +
  '"update","product_id":"BTC-USD","updates":[{"side":"bid","event_time":' +
  '"2026-08-09T02:39:53.495541Z","price_level":"65083.66","new_quantity":"0.5"}]}]}';

/** Decodes the frame in a process of its own, and says whether there is WebAssembly. */
const SCRIPT = `
  const { coinbase } = await import(process.argv[1] + '/venues/coinbase/index.js');
  const { messages, number } = coinbase().createCodec().decode(Buffer.from(process.argv[2]));
  const [{ columns }] = messages;
  const level = [columns.count, columns.priceUnits[0], columns.sizeUnits[0]];
  console.log(JSON.stringify([typeof WebAssembly, number, ...level]));
`;

/** As in a page whose policy lets nothing be compiled, or a context without `wasm`. */
const FORBIDDING =
  'data:text/javascript,WebAssembly.Module = class { constructor() {' +
  "throw new WebAssembly.CompileError('Wasm code generation disallowed by embedder'); } }";

let compiled: CompiledCli;
beforeAll(async () => {
  compiled = await compileCli();
});
afterAll(() => compiled.remove());

it('reads books in a runtime without WebAssembly, too', async () => {
  const decode = async (...flags: readonly string[]): Promise<unknown> => {
    const args = ['--input-type=module', '-e', SCRIPT, join(compiled.folder, 'dist'), FRAME];
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, ...args]);
    return JSON.parse(stdout);
  };
  const level = [17, 1, 6_508_366, 5];
  expect(await decode()).toEqual(['object', ...level]);
  expect(await decode('--jitless')).toEqual(['undefined', ...level]);
  expect(await decode('--import', FORBIDDING)).toEqual(['object', ...level]);
});
