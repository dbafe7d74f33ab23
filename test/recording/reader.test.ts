import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedLine } from '../../src/model/exchange.js';
import { readRecording } from '../../src/recording/reader.js';
import { readTextFile } from '../../src/runtime/text-file.js';

const LINES = [
  '{"ts":1786309548.031,"dir":"connect","data":"wss://exchange.example"}',
  '{"ts":1786309548.174,"dir":"send","data":"{\\"type\\":\\"subscribe\\"}"}',
  '{"ts":1786309548.629,"dir":"recv","data":"{\\"channel\\":\\"zürich ✓\\"}"}',
];

async function read(...chunks: string[]): Promise<RecordedLine[]> {
  const lines: RecordedLine[] = [];
  for await (const line of readRecording(chunks, 'r.jsonl')) lines.push(line);
  return lines;
}

describe('reading a recording', () => {
  it('gives each line its number, time, direction and data', async () => {
    const lines = await read(LINES.join('\n'));
    expect(lines.map((one) => one.line)).toEqual([1, 2, 3]);
    expect(lines.map((one) => one.direction)).toEqual(['connect', 'send', 'recv']);
    expect(lines[2]).toMatchObject({
      receivedAtMs: 1786309548629,
      data: '{"channel":"zürich ✓"}',
    });
  });

  it('reads the same however the text is cut', async () => {
    const text = `${LINES.join('\r\n')}\n`;
    const whole = await read(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 12 }), async (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        const chunks = places.slice(1).map((end, index) => text.slice(places[index], end));
        expect(await read(...chunks)).toEqual(whole);
      }),
    );
  });

  it('passes over blank lines and counts them', async () => {
    const lines = await read(`\n${LINES[0]}\n\n${LINES[1]}\n\n`);
    expect(lines.map((one) => one.line)).toEqual([2, 4]);
  });

  it.each([
    ['{"ts":1,"dir":"recv","da', /Line 2 .* not JSON; it may be cut off/],
    ['[1]', /Line 2 .* not a JSON object/],
    ['{"ts":"1","dir":"recv","data":""}', /Line 2 .* "ts"/],
    ['{"ts":1,"dir":"out","data":""}', /Line 2 .* "dir"/],
    ['{"ts":1,"dir":"recv","data":{}}', /Line 2 .* "data"/],
  ])('names the line of %s', async (bad, message) => {
    await expect(read(`${LINES[0]}\n${bad}`)).rejects.toMatchObject({
      code: 'RECORDING_INVALID',
      message: expect.stringMatching(message) as string,
      facts: { line: 2, recording: 'r.jsonl' },
    });
  });

  it.each(['', '\n\n'])('refuses an empty one', async (text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'RECORDING_INVALID' });
  });

  it('says that it is a folder', async () => {
    const reading = async (): Promise<void> => {
      for await (const chunk of readTextFile(import.meta.dirname)) expect(chunk).toBe('');
    };
    await expect(reading()).rejects.toThrow(/is a folder; name a file in it/);
  });

  it('says that a file is missing', async () => {
    const reading = async (): Promise<void> => {
      for await (const chunk of readTextFile('no/such/file.jsonl')) expect(chunk).toBe('');
    };
    await expect(reading()).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      facts: { systemCode: 'ENOENT' },
    });
  });
});
