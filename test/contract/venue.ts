import { describe } from 'vitest';
import type { ErrorCode } from '../../src/model/error.js';
import type { ChannelName, Venue } from '../../src/model/venue.js';
import { describeAuthContract } from './venue-auth.js';
import { describeDecodeContract } from './venue-decode.js';
import { describeEncodeContract } from './venue-encode.js';
import { describeHostileInputContract } from './venue-hostile-input.js';
import { describeRuleContract } from './venue-rules.js';
import type { PlainMessage } from './plain-message.js';

/** A frame of the venue and what it means. */
export interface FrameFixture {
  readonly name: string;
  /** The text of the frame, exactly as the venue sends it. */
  readonly frame: string;
  /** Our name of the channel. */
  readonly channel: string;
  /** The number in the sequence; absent where the frame carries none. */
  readonly number?: number;
  /** What it decodes to, as `toPlainMessage` shows it; fields left out here are not compared. */
  readonly messages: readonly PlainMessage[];
}

/** A refusal in the venue's words and the code it must get. */
export interface RefusalFixture {
  readonly frame: string;
  readonly code: ErrorCode;
}

/** What the contract suite has to know of a venue beside the venue itself. */
export interface VenueFixtures {
  readonly frames: readonly FrameFixture[];
  readonly refusals: readonly RefusalFixture[];
  /** Frames of kinds that the codec does not know: reported, never an error. */
  readonly unknownFrames: readonly string[];
  /** Frames of known kinds that are malformed, with the path that the error must name. */
  readonly invalidFrames: readonly { readonly frame: string; readonly path: string }[];
  /** Broken frames in which a secret stands, as a proxy or server may echo one. */
  readonly secretFrames: readonly { readonly frame: string; readonly secret: string }[];
  readonly validSymbols: readonly string[];
  /** Misspelt symbols and a word that the explanation must contain. */
  readonly invalidSymbols: readonly { readonly symbol: string; readonly says: string }[];
  /** Names that are one instrument on a channel. */
  readonly aliases: readonly {
    readonly symbol: string;
    readonly channel: ChannelName;
    readonly canonical: string;
  }[];
  /** Usable throw-away credentials, and every text in them that must never be printed. */
  makeCredentials(): { readonly credentials: unknown; readonly secrets: readonly string[] };
  /** Credentials that cannot be used, each with the texts in it that must never be printed. */
  readonly badCredentials: readonly {
    readonly name: string;
    readonly credentials: unknown;
    readonly secrets: readonly string[];
  }[];
}

/** What every part of the suite is given. */
export interface VenueSubject {
  readonly createVenue: () => Venue;
  readonly fixtures: VenueFixtures;
}

/**
 * The contract that every venue keeps, whatever its wire looks like. A venue's own tests call it
 * once with a factory and fixtures, and then add what only that venue has.
 */
export function describeVenueContract(
  name: string,
  createVenue: () => Venue,
  fixtures: VenueFixtures,
): void {
  const subject: VenueSubject = { createVenue, fixtures };
  describe(`the venue contract, kept by ${name}`, () => {
    describeRuleContract(subject);
    describeEncodeContract(subject);
    describeDecodeContract(subject);
    describeHostileInputContract(subject);
    describeAuthContract(subject);
  });
}
