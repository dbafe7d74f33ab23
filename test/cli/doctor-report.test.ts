import { describe, expect, it } from 'vitest';
import { describeClock, measureSkewMs } from '../../src/cli/doctor-clock.js';
import {
  createDoctorReport,
  findingOf,
  formatConclusion,
  judgeFindings,
  type Finding,
} from '../../src/cli/doctor-report.js';
import { paintPlain } from '../../src/cli/paint.js';
import { KeyError } from '../../src/model/error.js';

const good: Finding = { venue: 'kraken', check: 'key', status: 'ok', text: 'found' };
const bad = findingOf(
  { venue: 'kraken', check: 'sign-in' },
  new KeyError('KEY_INVALID', 'It is cut off.'),
  'copy it again',
);

function report(json: boolean, findings: readonly Finding[]): string {
  let text = '';
  const target = createDoctorReport({ json, painter: paintPlain, write: (more) => (text += more) });
  for (const finding of findings) target.add(finding);
  return text;
}

describe('the report of the doctor', () => {
  it('is a list for people', () => {
    expect(report(false, [good, bad])).toBe(
      'kraken\n' +
        '  ok       key       found\n' +
        '  problem  sign-in   It is cut off.\n' +
        '                     next: copy it again\n',
    );
  });

  it('is lines of JSON for programs', () => {
    const lines = report(true, [good, bad]).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { event: 'doctor.checked', ...good },
      { event: 'doctor.checked', ...bad },
    ]);
  });

  it('ends with the exit code of the first problem', () => {
    expect(judgeFindings([good])).toBe(0);
    expect(judgeFindings([{ ...good, status: 'warning' }])).toBe(0);
    expect(judgeFindings([good, bad])).toBe(3);
    expect(formatConclusion([good, bad])).toBe('1 problem, 0 warnings.\n');
    expect(formatConclusion([good])).toBe('Everything that was checked is fine.\n');
  });
});

describe('the clock', () => {
  it('is compared with a date that was cut to the second', () => {
    expect(measureSkewMs(10_000, 10_400, 10_600)).toBe(0);
    expect(measureSkewMs(10_000, 8_400, 8_600)).toBe(2000);
  });

  it.each([
    [undefined, 'skipped', 'did not say'],
    [900, 'ok', 'agrees'],
    [-5_300, 'warning', '5.3 s fast'],
    [45_000, 'problem', '45.0 s slow'],
  ])('that is off by %s ms is %s', (skewMs, status, text) => {
    const finding = describeClock('kraken', skewMs);
    expect(finding.status).toBe(status);
    expect(finding.text).toContain(text);
  });
});
