/** What becomes of a frame on its way out, and the faults that every venue's frames can meet. */

/** How a connection ends after a frame. */
export type Ending =
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  | { readonly kind: 'reset' }
  /** In the middle of the frame: half of its bytes leave, and then the TCP connection ends. */
  | { readonly kind: 'cut' }
  /** Nothing leaves or is read any more, and neither side hears that it is over: half-open. */
  | { readonly kind: 'stall' };

/** How slowly bytes leave, and for how long. */
export interface Drip {
  readonly bytesPerSecond: number;
  readonly forMs: number;
}

/** What becomes of a frame. */
export interface Delivery {
  /** What is sent, in order; empty: nothing. */
  readonly texts: readonly string[];
  readonly delayMs: number;
  /** How many later frames overtake it. */
  readonly overtakenBy: number;
  /** It waits for the next frame that follows from it, and is sent after that. */
  readonly afterUpdate?: boolean;
  readonly ending: Ending | undefined;
  /** From this frame on. */
  readonly drip?: Drip | undefined;
}

/** How a text may be spoiled. */
export const CORRUPTIONS = {
  cut: (text: string) => text.slice(0, Math.floor(text.length / 2)),
  'not-json': (text: string) => `<html>${text.slice(0, 20)}</html>`,
  'wrong-type': (text: string) => `{"frame":${text}}`,
} as const;

/** A way to spoil a text. */
export type Corruption = keyof typeof CORRUPTIONS;

/** A delivery in which nothing is wrong. */
export function plainDelivery(text: string): Delivery {
  return { texts: [text], delayMs: 0, overtakenBy: 0, ending: undefined };
}

/** How long a drip lasts where nothing is said. */
const DRIP_FOR_MS = 10_000;

/** What the faults that all venues share do to a delivery; the rest of a rule stands beside it. */
export const COMMON_EFFECTS = {
  drop: (one: Delivery): Delivery => ({ ...one, texts: [] }),
  silence: (one: Delivery): Delivery => ({ ...one, texts: [] }),
  duplicate: (one: Delivery): Delivery => ({ ...one, texts: [...one.texts, ...one.texts] }),
  delay: (one: Delivery, rule: { readonly delayMs: number }): Delivery => ({
    ...one,
    delayMs: one.delayMs + rule.delayMs,
  }),
  reorder: (one: Delivery, rule: { readonly frames?: number | undefined }): Delivery => ({
    ...one,
    overtakenBy: rule.frames ?? 1,
  }),
  corrupt: (one: Delivery, rule: { readonly how?: Corruption | undefined }): Delivery => ({
    ...one,
    texts: one.texts.map(CORRUPTIONS[rule.how ?? 'cut']),
  }),
  close: (
    one: Delivery,
    rule: { readonly code: number; readonly reason?: string | undefined },
  ): Delivery => ({
    ...one,
    ending: { kind: 'close', code: rule.code, reason: rule.reason ?? '' },
  }),
  reset: (one: Delivery): Delivery => ({ ...one, ending: { kind: 'reset' } }),
  'close-mid-frame': (one: Delivery): Delivery => ({ ...one, ending: { kind: 'cut' } }),
  'half-open': (one: Delivery): Delivery => ({ ...one, ending: { kind: 'stall' } }),
  drip: (
    one: Delivery,
    {
      bytesPerSecond,
      forMs,
    }: { readonly bytesPerSecond: number; readonly forMs?: number | undefined },
  ): Delivery => ({ ...one, drip: { bytesPerSecond, forMs: forMs ?? DRIP_FOR_MS } }),
} as const;
