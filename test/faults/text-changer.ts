import type { ServerConnection, VenueServer } from '../../src/model/exchange.js';

/** Changes texts on their way to the client, in the place of whatever spoils bits unseen. */
export interface TextChanger {
  readonly server: VenueServer;
  readonly changedCount: number;
  /** The next text that fits. */
  change(pattern: RegExp, to: string): void;
}

/** Stands before a server. */
export function changeTexts(inner: VenueServer): TextChanger {
  let due: { readonly pattern: RegExp; readonly to: string } | undefined;
  let changedCount = 0;
  const changeText = (text: string): string => {
    if (!due?.pattern.test(text)) return text;
    const { pattern, to } = due;
    due = undefined;
    changedCount += 1;
    return text.replace(pattern, to);
  };
  const wrap = (raw: ServerConnection): ServerConnection => ({
    id: raw.id,
    send: (text) => raw.send(changeText(text)),
    close: (code, reason) => raw.close(code, reason),
    terminate: () => raw.terminate(),
    bufferedBytes: () => raw.bufferedBytes(),
    ...(raw.wire && { wire: raw.wire }),
  });
  return {
    server: {
      id: inner.id,
      onUpgrade: (request) => inner.onUpgrade(request),
      onConnection: (raw, request) => inner.onConnection(wrap(raw), request),
      onHttp: (request) => inner.onHttp?.(request),
      close: () => inner.close(),
    },
    get changedCount() {
      return changedCount;
    },
    change: (pattern, to) => void (due = { pattern, to }),
  };
}
