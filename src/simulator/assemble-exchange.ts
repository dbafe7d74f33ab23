/** Makes of a venue's server what every exchange of a simulator is, whatever the venue. */
import type { FaultRules } from '../exchange/fault-rules.js';
import { observeServer } from '../exchange/observed-server.js';
import type { AnyRule, VenueRules } from '../exchange/read-rules.js';
import type { VenueServer } from '../model/exchange.js';
import {
  createExchangeControl,
  type ControlledServer,
  type ExchangeControl,
} from './exchange-control.js';
import type { ExchangeAddress, ExchangeParts, OpenExchange } from './exchange-parts.js';
import { createRuleReader } from './rule-reader.js';
import type { ServedMarket } from './served-market.js';

/** A venue's own half of an exchange; `More` is what its control can beyond that of all venues. */
export interface VenueHalf<Rule extends AnyRule, More extends object, Facts extends object> {
  readonly server: VenueServer & ControlledServer;
  readonly inForce: FaultRules<Rule>;
  readonly rules: VenueRules<Rule>;
  readonly served: ServedMarket;
  /** How the venue spells the engine's id of an order. */
  spellOrderId(engineId: string): string;
  readonly moreControl: More;
  describe(address: ExchangeAddress, control: ExchangeControl<Rule> & More): Facts;
}

/** Puts an observer before the server, and a control beside it. */
export function assembleExchange<Rule extends AnyRule, More extends object, Facts extends object>(
  half: VenueHalf<Rule, More, Facts>,
  parts: ExchangeParts,
): OpenExchange<Facts> {
  const { server, inForce, rules, served } = half;
  const { clock, timers } = parts;
  const { server: observed, observation } = observeServer(server, clock);
  const readRule = createRuleReader(rules, parts);
  const general = createExchangeControl<Rule>({
    server,
    observation,
    inForce,
    readRule,
    served,
    timers,
    spellOrderId: (id) => half.spellOrderId(id),
  });
  // What changes is read anew each time, so that the parts are joined without being copied.
  const control = Object.assign(general, half.moreControl);
  return {
    server: observed,
    control,
    inForce,
    readRule,
    faultFields: rules.fields,
    describe: (address) => half.describe(address, control),
  };
}
