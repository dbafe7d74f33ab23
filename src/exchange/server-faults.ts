/**
 * What goes wrong with a server as a whole, whatever its venue: refused upgrades and requests,
 * limits and bans, maintenance, a wrong clock. The venue's server asks before it answers.
 */
import type { VenueServerRequest, VenueServerResponse } from '../model/exchange.js';
import type { CancelTimer, Clock, Timers } from '../model/runtime.js';
import type { FaultRules } from './fault-rules.js';
import {
  ACTION_NAMES,
  STANDING_NAMES,
  type ActionRule,
  type CredentialDefect,
  type StandingRule,
} from './fault-schema.js';
import { createRateGate, type RateGate } from './gates.js';

/** What a server can do about itself. */
export interface ServerHands {
  readonly timers: Timers;
  closeConnections(code: number, reason: string): void;
  /** Ends what was issued or signed until now, on open sockets too. */
  revokeTokens(): void;
  /** Of venues whose engine has states: down to maintenance, and back in steps. */
  walkStatus?(stepMs: number): void;
}

/** The faults of one server as a whole. */
export interface ServerFaults {
  /** The server's clock is ahead of the real one by this much. */
  readonly skewMs: number;
  /** To be asked once for each attempt, counted from 1. */
  refuseUpgrade(attempt: number): VenueServerResponse | undefined;
  /** To be asked once for each request. */
  refuseHttp(request: VenueServerRequest): VenueServerResponse | undefined;
  /** To be asked once for each message of a connection: whether it is within the limits. */
  gateMessages(attempt: number): RateGate;
  /** What is wrong with every credential; undefined: nothing is. */
  credentialDefect(attempt: number): CredentialDefect | undefined;
  /** Carries out a rule at a frame that it picked. */
  act(rule: ActionRule): void;
  /** Takes the server's hands, and carries out what rules without a frame command. */
  attach(hands: ServerHands): void;
  /** Forgets what was to be done later. */
  close(): void;
}

/** As much of a rule of any venue as tells whether it waits for a frame. */
type ServerRule = { readonly fault: string; readonly at?: unknown; readonly every?: unknown };
type Standing<Name extends StandingRule['fault']> = Extract<StandingRule, { fault: Name }>;
type Outage = { readonly untilMs: number; readonly answer: () => VenueServerResponse };

const BAN_MS = 600_000;
const MAINTENANCE_MS = 60_000;
const STATUS_STEP_MS = 5_000;
const TOO_MANY = 429;
const UNAVAILABLE = 503;
const POLICY_CODE = 1008;
const GOING_AWAY_CODE = 1001;

/** Whether a rule is about an attempt to connect; rules that name none are about all. */
export function concernsAttempt(
  rule: { readonly connection?: number | undefined } | object,
  attempt: number,
): boolean {
  const connection = 'connection' in rule ? rule.connection : undefined;
  return connection === undefined || connection === attempt;
}

/** Whether a rule is one of those that the server carries out as a whole. */
export function isActionRule<Rule extends ServerRule>(rule: Rule): rule is Rule & ActionRule {
  return ACTION_NAMES.includes(rule.fault);
}

/** Whether a rule strikes frames; `others` are the venue's own that strike something else. */
export function strikesFrames(rule: ServerRule, others: readonly string[]): boolean {
  if (others.includes(rule.fault) || STANDING_NAMES.includes(rule.fault)) return false;
  // What the server does as a whole picks a frame only where it says so.
  return !ACTION_NAMES.includes(rule.fault) || 'at' in rule || 'every' in rule;
}

/** Stands between the rules and one server. */
export function createServerFaults<Rule extends ServerRule>(
  inForce: FaultRules<Rule>,
  clock: Clock,
): ServerFaults {
  return new ServerWideFaults(inForce, clock);
}

class ServerWideFaults implements ServerFaults {
  readonly #inForce: FaultRules<ServerRule>;
  readonly #clock: Clock;
  readonly #outages = new Map<ServerRule, Outage>();
  readonly #jumps = new Map<ServerRule, number>();
  readonly #gates = new Map<ServerRule, RateGate>();
  readonly #counts = new Map<ServerRule, number>();
  readonly #timers = new Map<ServerRule, CancelTimer>();
  #hands: ServerHands | undefined;

  constructor(inForce: FaultRules<ServerRule>, clock: Clock) {
    this.#inForce = inForce;
    this.#clock = clock;
    inForce.watch({
      onAdded: (rule) => this.#begin(rule),
      onRemoved: (rule) => this.#forget(rule),
    });
  }

  get skewMs(): number {
    const skewMs = this.#find('clock-skew')[0]?.skewMs ?? 0;
    return [...this.#jumps.values()].reduce((sum, jumpMs) => sum + jumpMs, skewMs);
  }

  refuseUpgrade(attempt: number): VenueServerResponse | undefined {
    const out = this.#answerOutage();
    if (out) return out;
    const rule = this.#find('refuse-upgrade').find((one) => concernsAttempt(one, attempt));
    if (rule) return this.#strike(rule, respond(rule.status, rule.body, rule.retryAfterS));
    for (const one of this.#find('limit-connects')) {
      if (this.#gate(one).pass()) continue;
      const { status = TOO_MANY, forMs = one.windowMs } = one;
      this.#shut(one, { status, body: 'Too many connections\n', forMs });
      return this.#strike(one, respond(status, 'Too many connections\n', toSeconds(forMs)));
    }
    return undefined;
  }

  refuseHttp(request: VenueServerRequest): VenueServerResponse | undefined {
    const out = this.#answerOutage();
    if (out) return out;
    for (const rule of this.#find('refuse-http')) {
      if (rule.path !== undefined && rule.path !== request.path) continue;
      const count = (this.#counts.get(rule) ?? 0) + 1;
      if (count > (rule.count ?? Infinity)) continue;
      this.#counts.set(rule, count);
      return this.#strike(rule, respond(rule.status, rule.body, rule.retryAfterS));
    }
    for (const rule of this.#find('limit-requests')) {
      if (this.#gate(rule).pass()) continue;
      const { status = TOO_MANY, windowMs } = rule;
      return this.#strike(rule, respond(status, 'Too many requests\n', toSeconds(windowMs)));
    }
    return undefined;
  }

  gateMessages(attempt: number): RateGate {
    const gates = new Map<ServerRule, RateGate>();
    const gateOf = (rule: Standing<'limit-messages'>): RateGate => {
      const gate = gates.get(rule) ?? createRateGate(rule.count, this.#clock, rule.windowMs);
      gates.set(rule, gate);
      return gate;
    };
    return {
      pass: () => {
        const rules = this.#find('limit-messages').filter((one) => concernsAttempt(one, attempt));
        const over = rules.find((rule) => !gateOf(rule).pass());
        if (over) this.#inForce.countStrike(over);
        return over === undefined;
      },
    };
  }

  credentialDefect(attempt: number): CredentialDefect | undefined {
    type CredentialRule = { readonly fault: string; readonly as: CredentialDefect };
    const rule = this.#inForce.rules.find(
      (one): one is CredentialRule =>
        one.fault === 'refuse-credentials' && concernsAttempt(one, attempt),
    );
    if (rule) this.#inForce.countStrike(rule);
    return rule?.as;
  }

  act(rule: ActionRule): void {
    this.#inForce.countStrike(rule);
    const hands = this.#hands;
    switch (rule.fault) {
      case 'ban': {
        const { status = TOO_MANY, body = 'Banned\n', forMs = BAN_MS } = rule;
        this.#shut(rule, { status, body, forMs });
        return hands?.closeConnections(POLICY_CODE, 'banned');
      }
      case 'maintenance': {
        const { status = UNAVAILABLE, forMs = MAINTENANCE_MS, reason = 'maintenance' } = rule;
        this.#shut(rule, { status, body: `${reason}\n`, forMs });
        return hands?.closeConnections(rule.code ?? GOING_AWAY_CODE, reason);
      }
      case 'clock-jump':
        return void this.#jumps.set(rule, (this.#jumps.get(rule) ?? 0) + rule.byMs);
      case 'revoke-tokens':
        return hands?.revokeTokens();
      case 'status-walk':
        return hands?.walkStatus?.(rule.stepMs ?? STATUS_STEP_MS);
    }
  }

  attach(hands: ServerHands): void {
    this.#hands = hands;
    for (const rule of this.#inForce.rules) this.#begin(rule);
  }

  close(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  /** A rule that picks no frame is carried out by itself. */
  #begin(rule: ServerRule & { readonly afterMs?: number }): void {
    if (!this.#hands || !isActionRule(rule) || rule.at || rule.every) return;
    const { afterMs = 0 } = rule;
    if (afterMs === 0) return this.act(rule);
    const run = (): void => {
      this.#timers.delete(rule);
      this.act(rule);
    };
    this.#timers.set(rule, this.#hands.timers.after(afterMs, run));
  }

  #forget(rule: ServerRule): void {
    this.#timers.get(rule)?.();
    for (const kept of [this.#timers, this.#outages, this.#jumps, this.#gates, this.#counts]) {
      kept.delete(rule);
    }
  }

  #find<Name extends StandingRule['fault']>(name: Name): Standing<Name>[] {
    return this.#inForce.rules.filter((rule) => rule.fault === name) as unknown as Standing<Name>[];
  }

  #gate(rule: Standing<'limit-connects' | 'limit-requests'>): RateGate {
    const gate = this.#gates.get(rule) ?? createRateGate(rule.count, this.#clock, rule.windowMs);
    this.#gates.set(rule, gate);
    return gate;
  }

  #strike<Answer>(rule: ServerRule, answer: Answer): Answer {
    this.#inForce.countStrike(rule);
    return answer;
  }

  /** Nobody is let in for so long. */
  #shut(
    rule: ServerRule,
    out: { readonly status: number; readonly body: string; readonly forMs: number },
  ): void {
    const untilMs = this.#clock.monotonicMs() + out.forMs;
    const answer = (): VenueServerResponse =>
      respond(out.status, out.body, toSeconds(untilMs - this.#clock.monotonicMs()));
    this.#outages.set(rule, { untilMs, answer });
  }

  #answerOutage(): VenueServerResponse | undefined {
    for (const [rule, { untilMs, answer }] of this.#outages) {
      if (this.#clock.monotonicMs() < untilMs) return this.#strike(rule, answer());
      this.#outages.delete(rule);
    }
    return undefined;
  }
}

function toSeconds(ms: number): number {
  return Math.ceil(ms / 1000);
}

function respond(status: number, body = '', retryAfterS?: number): VenueServerResponse {
  const retry = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) };
  return { status, headers: { 'content-type': 'text/plain', ...retry }, body };
}
