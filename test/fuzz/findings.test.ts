/** What fuzzing has found, each as the smallest input that shows it. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { formatFailure } from '../../src/cli/failure-text.js';
import { ConfigError } from '../../src/model/error.js';
import { readRecording } from '../../src/recording/reader.js';
import { createHttpReader } from '../../src/venues/cloud9trader/client/http.js';
import { readJsonText } from '../../src/runtime/json-text.js';
import { shareRules } from '../../src/simulator/fault-file.js';
import { FAULT_RULES } from '../../src/venues/kraken/server/fault-rules.js';
import { kraken } from '../../src/venues/kraken/index.js';
import { refuseFrame } from '../contract/venue-decode.js';
import { connectFake, openScripted } from '../venues/kraken/server/server-harness.js';

const DEEP = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

/** What is wrong, which has to be a line that can be printed. */
function refuse(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toMatch(/^\P{Cc}{1,2000}$/u);
    return (error as ConfigError).message;
  }
  throw new Error('Nothing was refused.');
}

describe('frames', () => {
  it('that are no JSON are quoted as they came, so that a token with digits is masked', () => {
    const token = 'x5aQ0RCC7hBYNVh53sTv1yZ5H4wIbwDF20PiHtTF14UI';
    const error = refuseFrame(kraken().createCodec(), Buffer.from(`bad token ${token}`));
    expect(error.message).toContain('"bad token [secret]"');
    expect(error.message.replaceAll('"', '')).not.toContain(token.slice(0, 12));
  });
});

describe('requests', () => {
  it('of v1 whose subscription is nested too deeply to be echoed are answered', () => {
    const { server } = openScripted();
    const client = connectFake(server, { path: '/' });
    client.ask(`{"event":"subscribe","pair":["XBT/USD"],"subscription":{"name":"x","a":${DEEP}}}`);
    expect(JSON.parse(client.take().at(-1) ?? '')).toMatchObject({
      errorMessage: 'Subscription name invalid',
      subscription: { name: 'x' },
    });
    server.close();
  });
});

describe('replies', () => {
  it('of v2 are JSON, also to a method without a name', () => {
    const { server } = openScripted();
    const client = connectFake(server);
    client.ask('{"method":"","req_id":1}');
    expect(JSON.parse(client.take().at(-1) ?? '')).toMatchObject({ method: '', req_id: 1 });
    server.close();
  });
});

describe('recordings', () => {
  const TOKEN = 'x5aQ0RCC7hBYNVh53sTv1yZ5H4wIbwDF20PiHtTF14UI';

  async function readAll(text: string): Promise<unknown> {
    try {
      for await (const line of readRecording([text], 'the recording')) expect(line).toBeDefined();
    } catch (error) {
      return error;
    }
    throw new Error('Nothing was refused.');
  }

  it('with a time that no calendar has are refused by their line', async () => {
    const line = JSON.stringify({ ts: 7e48, dir: 'recv', data: '{}' });
    expect(await readAll(line)).toMatchObject({ code: 'RECORDING_INVALID', facts: { line: 1 } });
  });

  it('that are cut off inside a token show nothing of it, in the cause neither', async () => {
    expect(inspect(await readAll(`${TOKEN.slice(20)}"}`))).not.toContain(TOKEN.slice(20, 30));
  });
});

describe('answers over HTTP', () => {
  it('that are no JSON are not quoted, in the cause neither', async () => {
    const reader = createHttpReader({
      http: () => Promise.resolve({ status: 200, body: 'a secret"}]', serverDateMs: undefined }),
      key: 'k',
      apiUrl: 'https://a.test',
      priceUrl: 'https://a.test',
    });
    const failure = await reader.readInstruments().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'HTTP_FAILED' });
    expect(inspect(failure)).not.toContain('a secret');
  });
});

describe('files of a simulator', () => {
  const name = 'the faults';

  it('are refused in one short line, whatever their names are', () => {
    const long = { rules: [{ fault: 'drop', [`x\n\u001b[31m${'y'.repeat(5_000)}`]: 1 }] };
    expect(refuse(() => FAULT_RULES.readFile(long, name))).toContain('Unrecognized key');
    expect(
      refuse(() => shareRules({ [`a\n${'b'.repeat(5_000)}`]: 1 }, ['kraken'], name)),
    ).toContain('it has the form');
  });

  it('are refused by name, however deeply a value is nested', () => {
    const deep: unknown = JSON.parse(DEEP);
    expect(refuse(() => FAULT_RULES.readFile({ rules: [{ fault: deep }] }, name))).toContain(
      'there is no fault a list',
    );
    expect(refuse(() => shareRules({ rules: [{ venue: deep }] }, ['kraken'], name))).toContain(
      'a list does not run here',
    );
  });

  it('have a line for each path, the first one where they are nested too deeply', () => {
    const { lineOf } = readJsonText(`\n{"rules":\n${DEEP}}`, 'the file');
    expect(lineOf(['rules', 0])).toBe(1);
  });

  it('are quoted without characters that drive a terminal', () => {
    expect(refuse(() => readJsonText('{"a":\u007f\u009b31m}', 'the file'))).toContain('near');
  });
});

describe('failures of a command', () => {
  it('are one line, also where an argument is not', () => {
    const error = new ConfigError('OPTION_INVALID', "'10s\n\u001b[2J' is not a duration.");
    expect(formatFailure(error, {})).toBe(
      "truefeed: '10s [2J' is not a duration. [OPTION_INVALID]\n",
    );
  });
});
