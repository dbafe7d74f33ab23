import type { Logger } from '../model/logger.js';

const ignore = (): void => undefined;

/** Writes nothing. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
