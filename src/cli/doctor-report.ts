import { TruefeedError, type ErrorCode } from '../model/error.js';
import { EXIT_CODES, exitCodeOf } from './exit-code.js';
import { span, type Painter, type Tone } from './paint.js';

/** `skipped` says that a check could not be made, and why; it is not a fault of its own. */
export type FindingStatus = 'ok' | 'warning' | 'problem' | 'skipped';

/** One thing that was looked at. */
export interface Finding {
  readonly venue: string;
  readonly check: 'key' | 'token' | 'endpoint' | 'clock' | 'sign-in';
  readonly status: FindingStatus;
  /** What was found, in words; no secret is ever part of it. */
  readonly text: string;
  /** What to do about it. */
  readonly next?: string;
  readonly code?: ErrorCode;
}

const TONES: Readonly<Record<FindingStatus, Tone>> = {
  ok: 'good',
  warning: 'warning',
  problem: 'bad',
  skipped: 'dim',
};

/** Takes findings as they come, so that a person sees progress while slow checks run. */
export interface DoctorReport {
  readonly findings: readonly Finding[];
  add(finding: Finding): void;
}

export interface DoctorReportOptions {
  readonly json: boolean;
  readonly painter: Painter;
  write(text: string): void;
}

export function createDoctorReport(options: DoctorReportOptions): DoctorReport {
  const findings: Finding[] = [];
  return {
    findings,
    add(finding) {
      const isFirstOfVenue = findings.at(-1)?.venue !== finding.venue;
      findings.push(finding);
      if (options.json) {
        const { venue, check, status, code, text, next } = finding;
        const line = { event: 'doctor.checked', venue, check, status, code, text, next };
        return options.write(`${JSON.stringify(line)}\n`);
      }
      if (isFirstOfVenue) options.write(`${options.painter([span(finding.venue, 'title')])}\n`);
      options.write(formatFinding(finding, options.painter));
    },
  };
}

function formatFinding(finding: Finding, painter: Painter): string {
  const head = [
    span('  '),
    span(finding.status.padEnd(8), TONES[finding.status]),
    span(` ${finding.check.padEnd(9)} ${finding.text}`),
  ];
  const next = finding.next === undefined ? '' : `${' '.repeat(21)}next: ${finding.next}\n`;
  return `${painter(head)}\n${next}`;
}

/** A failed check as a finding: the error's own sentence already says what to do. */
export function findingOf(
  place: Pick<Finding, 'venue' | 'check'>,
  error: unknown,
  next?: string,
): Finding {
  const text = error instanceof Error ? error.message : String(error);
  const code = error instanceof TruefeedError ? { code: error.code } : {};
  return { ...place, status: 'problem', text, ...code, ...(next === undefined ? {} : { next }) };
}

function countStatus(findings: readonly Finding[], status: FindingStatus): number {
  return findings.filter((finding) => finding.status === status).length;
}

/** 0 unless there is a problem; then the code of the first, which the others mostly follow from. */
export function judgeFindings(findings: readonly Finding[]): number {
  const first = findings.find((finding) => finding.status === 'problem');
  if (!first) return EXIT_CODES.done.code;
  return first.code === undefined
    ? EXIT_CODES.failed.code
    : exitCodeOf(new TruefeedError(first.code, first.text));
}

export function formatConclusion(findings: readonly Finding[]): string {
  const problems = countStatus(findings, 'problem');
  const warnings = countStatus(findings, 'warning');
  if (problems === 0 && warnings === 0) return 'Everything that was checked is fine.\n';
  const name = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
  return `${name(problems, 'problem')}, ${name(warnings, 'warning')}.\n`;
}
