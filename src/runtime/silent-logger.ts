import type { Logger } from '../model/logger.js';

const ignore = (): void => undefined;

/** Writes nothing; what a library does unless it is told otherwise. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
