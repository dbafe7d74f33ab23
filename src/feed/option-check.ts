import { ConfigError } from '../model/error.js';
import type { Endpoint, RecoveryMeans } from '../model/venue.js';
import { checkNames } from '../model/option-names.js';
import { redactUrl } from '../runtime/redaction.js';
import type {
  EventStreamOptions,
  FeedLimits,
  FeedOptions,
  LiveWaitOptions,
  QueuePolicy,
  RecoveryRule,
} from './feed-options.js';
import { DEFAULT_FEED_LIMITS } from './feed-tools.js';
import { checkOptionNames, checkStreamNames, checkWaitNames } from './option-names.js';
import { DEFAULT_RECOVERY_RULE } from './recovery.js';

/** Options that were found good, with what was left out filled in. */
export interface CheckedOptions {
  readonly endpoints: readonly Endpoint[];
  /** Endpoints that may stand in for another when it keeps failing. */
  readonly failOverNames: ReadonlySet<string>;
  readonly limits: FeedLimits;
  readonly recovery: RecoveryRule;
}

const QUEUE_POLICIES: readonly QueuePolicy[] = ['conflate', 'drop', 'close'];

function refuse(option: string, rule: string): never {
  const message = `The option ${option} must be ${rule}.`;
  throw new ConfigError('OPTION_INVALID', message, { facts: { option } });
}

/** The given fields over the defaults; one that is there and undefined counts as left out. */
function merge<Fields extends object>(defaults: Fields, given: Partial<Fields> = {}): Fields {
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(present) as Partial<Fields>) };
}

function checkCounts(name: string, counts: object): void {
  for (const [field, value] of Object.entries(counts)) {
    if (Number.isSafeInteger(value) && (value as number) >= 0) continue;
    refuse(`${name}.${field}`, 'a whole number from 0');
  }
}

function checkTimes(name: string, times: object, leastMs: number): void {
  for (const [field, value] of Object.entries(times)) {
    if (typeof value === 'number' && value >= leastMs) continue;
    refuse(`${name}.${field}`, `a number of milliseconds from ${leastMs}`);
  }
}

function checkLimits(given: FeedOptions['limits']): FeedLimits {
  checkNames('limits', given ?? {}, DEFAULT_FEED_LIMITS);
  const limits = merge(DEFAULT_FEED_LIMITS, given);
  checkCounts('limits', limits);
  return limits;
}

function checkRecovery(given: FeedOptions['recovery']): RecoveryRule {
  const { attempts: defaultAttempts, backoff: defaultBackoff } = DEFAULT_RECOVERY_RULE;
  checkNames('recovery', given ?? {}, DEFAULT_RECOVERY_RULE);
  checkNames('recovery.attempts', given?.attempts ?? {}, defaultAttempts);
  checkNames('recovery.backoff', given?.backoff ?? {}, defaultBackoff);
  const rule = merge(DEFAULT_RECOVERY_RULE, given);
  const attempts = merge<Record<RecoveryMeans, number>>(defaultAttempts, rule.attempts);
  const backoff = merge(defaultBackoff, rule.backoff);
  const { firstSnapshotTimeoutMs, snapshotTimeoutMs, slowestPaceMs, stableAfterMs } = rule;
  checkCounts('recovery.attempts', attempts);
  checkTimes('recovery.backoff', backoff, 0);
  checkTimes('recovery', { stableAfterMs }, 0);
  checkTimes('recovery', { firstSnapshotTimeoutMs, snapshotTimeoutMs, slowestPaceMs }, 1);
  return { ...rule, attempts, backoff };
}

function checkUrl(name: string, url: unknown): void {
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  const isDialable = parsed?.protocol === 'wss:' || parsed?.protocol === 'ws:';
  if (isDialable && parsed.hash === '') return;
  const shown = typeof url === 'string' ? ` "${redactUrl(url).slice(0, 200)}" is not.` : '';
  const message =
    `The address for the endpoint "${name}" must begin with "wss://" and have no fragment.` + shown;
  throw new ConfigError('OPTION_INVALID', message, { facts: { endpoint: name } });
}

function checkEndpoints(options: FeedOptions): readonly Endpoint[] {
  const { venue, endpoints: overrides = {} } = options;
  const names = venue.endpoints.map((endpoint) => endpoint.name);
  for (const [name, url] of Object.entries(overrides)) {
    if (!names.includes(name)) {
      throw new ConfigError(
        'OPTION_INVALID',
        `${venue.title} has no endpoint "${name}" to override. It has: ${names.join(', ')}.`,
        { facts: { endpoint: name } },
      );
    }
    if (url !== undefined) checkUrl(name, url);
  }
  return venue.endpoints.map((endpoint) => ({
    ...endpoint,
    url: overrides[endpoint.name] ?? endpoint.url,
  }));
}

/** With an address replaced, a venue's own address must not be dialled in its stead. */
function chooseFailOverNames({ venue, endpoints = {} }: FeedOptions): ReadonlySet<string> {
  const overridden = Object.keys(endpoints);
  const all = venue.endpoints.map((endpoint) => endpoint.name);
  return new Set(overridden.length > 0 ? overridden : all);
}

/** Plain JavaScript has no types: what is no object, or no venue, is said in words. */
function checkForms(options: unknown): void {
  if (!isObject(options)) {
    const message =
      'openFeed takes one object: { venue, subscriptions }, as in the first lines of README.md.';
    throw new ConfigError('OPTION_INVALID', message, { facts: { option: 'options' } });
  }
  const { venue } = options;
  if (isObject(venue) && Array.isArray(venue['endpoints'])) return;
  const hint = typeof venue === 'function' ? ' It was passed without being called.' : '';
  const rule = `what a venue's function makes, as in the first lines of README.md.${hint}`;
  throw new ConfigError('OPTION_INVALID', `The option venue must be ${rule}`, {
    facts: { option: 'venue' },
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Throws OPTION_INVALID where a number or an address could not work; nothing is dialled yet. */
export function checkOptions(options: FeedOptions): CheckedOptions {
  checkForms(options);
  checkOptionNames(options);
  const { maxAttempts = Infinity } = options;
  const isCount = maxAttempts === Infinity || Number.isSafeInteger(maxAttempts);
  if (!isCount || maxAttempts < 1) refuse('maxAttempts', 'a whole number from 1, or Infinity');
  return {
    endpoints: checkEndpoints(options),
    failOverNames: chooseFailOverNames(options),
    limits: checkLimits(options.limits),
    recovery: checkRecovery(options.recovery),
  };
}

/** Throws OPTION_INVALID for a queue that there cannot be. */
export function checkStreamOptions(options: EventStreamOptions): void {
  checkStreamNames(options);
  const { maxEvents = 1, whenFull } = options;
  const isCount = Number.isSafeInteger(maxEvents) && maxEvents >= 1;
  if (!isCount) refuse('maxEvents', 'a whole number from 1');
  if (whenFull === undefined || QUEUE_POLICIES.includes(whenFull)) return;
  refuse('whenFull', `one of ${QUEUE_POLICIES.join(', ')}`);
}

/** Throws OPTION_INVALID for a time that there cannot be: a timer would be over at once. */
export function checkWaitOptions(options: LiveWaitOptions): void {
  checkWaitNames(options);
  const { timeoutMs = Infinity } = options;
  if (typeof timeoutMs === 'number' && timeoutMs >= 0) return;
  refuse('timeoutMs', 'a number of milliseconds from 0; leave it out to wait without an end');
}
