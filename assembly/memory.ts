// Where everything is in the memory of the module. What the other side has to know is exported.

/** How many levels the columns hold; more of them are handed over in parts. */
export const LEVELS_MAX: i32 = 4_096;
/** As much of a frame as is read at once. */
export const FRAME_BYTES_MAX: i32 = 65_536;
/** Facts about the frame, each a double; NaN where the frame does not say. */
export const FACTS: i32 = 8;
/** How many numbers of a part may be too long for the columns. */
export const LONG_MAX: i32 = 64;

/** As long as a symbol may be. */
export const SYMBOL_BYTES_MAX: i32 = 64;
/** A power of two. */
export const SYMBOL_SLOTS: i32 = 1_024;
/** A number, a length, a symbol with its quote, and what is copied behind it. */
export const SYMBOL_SLOT_BYTES: i32 = 8 + SYMBOL_BYTES_MAX + 8;

// The first kilobytes are for the constants of the compiler.
export const FACTS_AT: i32 = 4_096;
/** What the last call has found, as words: see `putResult`. */
export const RESULT_AT: i32 = FACTS_AT + FACTS * 8;
export const RESULT_WORDS: i32 = 12;
/** Of each number that is too long which one it is, and where it stands; as words. */
export const LONG_AT: i32 = RESULT_AT + RESULT_WORDS * 4;
export const SIDES_AT: i32 = 8_192;
export const PRICE_DECIMALS_AT: i32 = SIDES_AT + LEVELS_MAX;
export const SIZE_DECIMALS_AT: i32 = PRICE_DECIMALS_AT + LEVELS_MAX;
export const PRICE_UNITS_AT: i32 = SIZE_DECIMALS_AT + LEVELS_MAX;
export const SIZE_UNITS_AT: i32 = PRICE_UNITS_AT + LEVELS_MAX * 8;
export const SYMBOLS_AT: i32 = SIZE_UNITS_AT + LEVELS_MAX * 8;
/** Behind a frame there is room for the bytes that end it, and to read a text beyond them. */
const BEHIND_BYTES: i32 = 256;
/** Frames that came elsewhere are copied to here. */
export const FRAME_AT: i32 = SYMBOLS_AT + SYMBOL_SLOTS * SYMBOL_SLOT_BYTES;
/**
 * Sockets read into this, and frames are read where they are. The system's copy throws what is
 * worked with out of the processor's caches, so a long read costs each of its frames less.
 */
export const READ_AT: i32 = FRAME_AT + FRAME_BYTES_MAX + BEHIND_BYTES;
export const READ_BYTES: i32 = 1_048_576;
/** Where all of it ends. */
export const MEMORY_BYTES: i32 = READ_AT + READ_BYTES + BEHIND_BYTES;
