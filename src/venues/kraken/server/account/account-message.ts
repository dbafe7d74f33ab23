/** One message of a private channel, before it has its number. */
import type { JsonField } from '../json-text.js';

/** What happened to one order, or to one balance. */
export interface AccountMessage {
  /** The market's name of the pair; empty where it is about none. */
  readonly symbol: string;
  /** What happened, in the venue's word for it: the type of an execution. */
  readonly type: string;
  readonly fields: readonly JsonField[];
  /** Of v1, where the fields stand under an id. */
  readonly id?: string;
}
