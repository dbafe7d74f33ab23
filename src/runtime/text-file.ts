import { createReadStream } from 'node:fs';
import { ConfigError } from '../model/error.js';

/** Reads a text file piece by piece; throws ConfigError FILE_UNREADABLE where that fails. */
export async function* readTextFile(path: string): AsyncGenerator<string, void, undefined> {
  try {
    const chunks = createReadStream(path, { encoding: 'utf8' }) as AsyncIterable<string>;
    for await (const chunk of chunks) yield chunk;
  } catch (cause) {
    const systemCode = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    const message =
      systemCode === 'EISDIR'
        ? `${path} is a folder; name a file in it.`
        : `The file ${path} cannot be read (${systemCode}); check path and rights.`;
    throw new ConfigError('FILE_UNREADABLE', message, { facts: { path, systemCode }, cause });
  }
}
