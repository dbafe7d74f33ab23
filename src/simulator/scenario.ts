/** A market told in a file: what is traded, when much happens, what stops and what is new. */
import { z } from 'zod';
import { refuseField, sayIssue, type RulesName } from '../exchange/read-rules.js';
import type { LevelCounts, SyntheticProduct } from './synthetic-products.js';

const SYMBOLS_MAX = 500;
const TIMETABLE_MAX = 1_000;
const AFTER_MOST_MS = 30 * 86_400_000;
const UNITS_MOST = 1e12;
const VALUE_OF_A_LEVEL = 4_000;
const EVERY_MS = 100;

const afterMs = z.number().min(0).max(AFTER_MOST_MS);
const ASSET = 'must be 1 to 12 capital letters or digits';
const PAIR = 'must be base and quote with a slash, as in "BTC/USD"';
const PRICE = 'must be a price as text, as in "65083.67"; its decimals are those of the pair';
const asset = z.string(ASSET).regex(/^[A-Z0-9]{1,12}$/, ASSET);
const pairName = z.string(PAIR).regex(/^[A-Z0-9]{1,12}\/[A-Z0-9]{1,12}$/, PAIR);
const priceText = z.string(PRICE).regex(/^(0|[1-9]\d{0,8})(\.\d{1,8})?$/, PRICE);

const levelsSchema = z.number().int().min(2).max(5_000);

const symbolSchema = z.strictObject({
  base: asset,
  quote: asset,
  price: priceText,
  sizeDecimals: z.number().int().min(0).max(8).optional(),
  /** What a usual level is worth, in the quote currency. */
  levelValue: z.number().min(1).max(1e9).optional(),
  /** Mean time between two changes of its book. */
  everyMs: z.number().min(1).max(3_600_000).optional(),
  /** How many levels a side; 2 to 10 make a thin pair. */
  levels: levelsSchema.optional(),
  /** It is not traded before. */
  listedAfterMs: afterMs.optional(),
});

/** A pair as somebody lists it later. */
export const listingSchema = symbolSchema.omit({ listedAfterMs: true });

const scenarioSchema = z.strictObject({
  seed: z.number().int().min(0).max(4_294_967_295).optional(),
  symbols: z.array(symbolSchema).min(1).max(SYMBOLS_MAX),
  hours: z
    .array(
      z.strictObject({
        afterMs,
        rate: z.number().min(0.01).max(100).optional(),
        violence: z.number().min(1).max(20).optional(),
      }),
    )
    .max(TIMETABLE_MAX)
    .optional(),
  /** The hours begin anew after so long. */
  repeatHoursMs: z.number().min(1_000).max(AFTER_MOST_MS).optional(),
  halts: z
    .array(z.strictObject({ symbol: pairName, afterMs, forMs: afterMs.min(1).optional() }))
    .max(TIMETABLE_MAX)
    .optional(),
  moves: z
    .array(z.strictObject({ symbol: pairName, afterMs, price: priceText }))
    .max(TIMETABLE_MAX)
    .optional(),
});

/** A market told in a file. */
export type MarketScenario = z.infer<typeof scenarioSchema>;

/** One pair of it. */
export type ScenarioSymbol = MarketScenario['symbols'][number];

/** `BTC/USD`, whatever the venue calls it. */
export function pairOf({ base, quote }: Pick<ScenarioSymbol, 'base' | 'quote'>): string {
  return `${base}/${quote}`;
}

/** Reads a scenario; throws ConfigError OPTION_INVALID, naming the field and what is right. */
export function readScenario(value: unknown, name: RulesName = 'the market'): MarketScenario {
  const result = scenarioSchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    return refuseField(name, issue?.path ?? [], sayIssue(issue, { schema: scenarioSchema, value }));
  }
  const scenario = result.data;
  const pairs = scenario.symbols.map(pairOf);
  const known = pairs.join(', ');
  for (const [index, pair] of pairs.entries()) {
    const path = ['symbols', index];
    if (pairs.indexOf(pair) < index) refuseField(name, path, `${pair} is listed twice`);
    if (Number(scenario.symbols[index]?.price) > 0) continue;
    refuseField(name, [...path, 'price'], 'it must be above 0');
  }
  for (const part of ['halts', 'moves'] as const) {
    for (const [index, { symbol }] of (scenario[part] ?? []).entries()) {
      if (pairs.includes(symbol)) continue;
      refuseField(name, [part, index, 'symbol'], `no symbol is ${symbol}; there are ${known}`);
    }
  }
  return scenario;
}

/** A price in units of the last of so many decimals; what is finer is left out. */
export function toPriceUnits(price: string, decimals: number): number {
  const [whole = '0', fraction = ''] = price.split('.');
  return Number(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
}

function countLevels(levels: number): LevelCounts {
  const least = Math.max(2, Math.floor(levels * 0.7));
  return { atStart: levels, least, most: Math.max(least + 1, Math.ceil(levels * 1.4)) };
}

function increment(decimals: number): string {
  return (10 ** -decimals).toFixed(decimals);
}

/** Cheap coins trade in large numbers, and whole units stay exact integers. */
function sizeDecimalsAt(price: number): number {
  if (price >= 1) return 8;
  return price >= 0.01 ? 4 : 0;
}

/** One pair as the synthetic market has it, under the venue's own name. */
export function createScenarioProduct(symbol: ScenarioSymbol, name: string): SyntheticProduct {
  const { base, quote, price, everyMs = EVERY_MS, levelValue = VALUE_OF_A_LEVEL } = symbol;
  const value = Number(price);
  const priceDecimals = price.split('.')[1]?.length ?? 0;
  const { sizeDecimals = sizeDecimalsAt(value) } = symbol;
  const sizeUnits = Math.round((levelValue / value) * 10 ** sizeDecimals);
  return {
    instrument: {
      symbol: name,
      base,
      quote,
      status: 'online',
      kind: 'SPOT',
      aliases: [],
      displayName: `${base}/${quote}`,
      priceIncrement: increment(priceDecimals),
      sizeIncrement: increment(sizeDecimals),
      minCost: '0.5',
    },
    priceUnits: toPriceUnits(price, priceDecimals),
    priceDecimals,
    sizeDecimals,
    sizeUnits: Math.min(UNITS_MOST, Math.max(1, sizeUnits)),
    everyMs,
    ...(symbol.levels !== undefined && { levels: countLevels(symbol.levels) }),
  };
}
