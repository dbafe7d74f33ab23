import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/model/error.js';
import type { RecordedLine } from '../../src/model/exchange.js';
import { readAnyRecording } from '../../src/recording/frame-lines.js';

async function read(...chunks: string[]): Promise<RecordedLine[]> {
  const lines: RecordedLine[] = [];
  for await (const line of readAnyRecording(chunks, 'a.txt')) lines.push(line);
  return lines;
}

describe('recordings of other programs', () => {
  it('bare frames: one in each line, without a time', async () => {
    expect(await read('{"a":1}\n\n[2,', '3]\n')).toEqual([
      { line: 1, receivedAtMs: NaN, direction: 'recv', data: '{"a":1}' },
      { line: 3, receivedAtMs: NaN, direction: 'recv', data: '[2,3]' },
    ]);
  });

  it('frames with times, among what was sent', async () => {
    const text =
      'wss://example.com <-> 1618678132.25\n' +
      'wss://example.com <- 1618678132.5: {"event":"subscribe"}\n' +
      '1618678133.75: [1360,{"as":[]}]\n';
    expect(await read(text)).toEqual([
      { line: 1, receivedAtMs: 1618678132250, direction: 'connect', data: 'wss://example.com' },
      { line: 2, receivedAtMs: 1618678132500, direction: 'send', data: '{"event":"subscribe"}' },
      { line: 3, receivedAtMs: 1618678133750, direction: 'recv', data: '[1360,{"as":[]}]' },
    ]);
  });

  it("the project's own form is read as such, however it is cut", async () => {
    const text = '{"ts":1.5,"dir":"recv","data":"x"}\n{"ts":2,"dir":"send","data":"y"}\n';
    const expected = [
      { line: 1, receivedAtMs: 1500, direction: 'recv', data: 'x' },
      { line: 2, receivedAtMs: 2000, direction: 'send', data: 'y' },
    ];
    expect(await read(text)).toEqual(expected);
    expect(await read(...text)).toEqual(expected);
  });

  it('refuses an empty one', async () => {
    await expect(read('', '\n')).rejects.toThrow(ConfigError);
    await expect(read()).rejects.toThrow('is empty');
  });
});
