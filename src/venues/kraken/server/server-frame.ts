/** What a frame on its way out is, so that faults can pick it. */

/** What a frame is, beside its text. */
export const FRAME_KINDS = [
  'snapshot',
  'update',
  'ack',
  'refusal',
  'reply',
  'pong',
  'status',
  'heartbeat',
] as const;

/** What a frame is. */
export type FrameKind = (typeof FRAME_KINDS)[number];

/** A frame on its way out. */
export interface ServerFrame {
  readonly kind: FrameKind;
  /** Without its option: `book`. Of refusals that name none, empty. */
  readonly channel: string;
  /** As the client's protocol spells it; empty where it concerns no single pair. */
  readonly symbol: string;
  /** An update of a book that leaves the levels of the checksum as they are. */
  readonly isDeep: boolean;
  readonly text: string;
}
