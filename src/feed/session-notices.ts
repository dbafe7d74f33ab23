import type { TruefeedError } from '../model/error.js';
import type { EventBase } from '../model/event.js';
import type { AuthNotice } from '../model/session.js';
import { redactUrl } from '../runtime/redaction.js';
import type { FeedTools } from './feed-tools.js';

/** What a session says of itself, and not of one stream, told as events. */
export class SessionNotices {
  readonly #tools: FeedTools;
  readonly #sessionName: () => string;

  constructor(tools: FeedTools, sessionName: () => string) {
    this.#tools = tools;
    this.#sessionName = sessionName;
  }

  /** What an event has that is about no symbol. */
  base(): EventBase {
    const receivedAtMs = this.#tools.runtime.clock.nowMs();
    return { venue: this.#tools.venue.id, symbol: '', venueAtMs: NaN, receivedAtMs };
  }

  tellOpened(endpointUrl: string): void {
    const url = redactUrl(endpointUrl);
    const session = this.#sessionName();
    this.#tools.emit({ ...this.base(), type: 'session.opened', session, url });
  }

  /** Told once for each field or channel that cannot be read. */
  tellBadFrame(error: TruefeedError): void {
    const { code, facts } = error;
    this.#tellRefused(`${code} ${String(facts.path ?? facts.field ?? facts.channel ?? '')}`, error);
  }

  /** Told once for each text: it may be all that a venue says before it falls silent. */
  tellComplaint(error: TruefeedError): void {
    this.#tellRefused(`complaint ${error.code} ${String(error.facts.words)}`, error);
  }

  tellAuth(notice: AuthNotice): void {
    const parts = { ...this.base(), session: this.#sessionName() };
    switch (notice.kind) {
      case 'accepted':
        return this.#tools.emit({ ...parts, type: 'auth.accepted' });
      case 'renewed':
        return this.#tools.emit({ ...parts, type: 'auth.renewed', reason: notice.reason });
      case 'refused': {
        const { error, final } = notice;
        return this.#tools.emit({ ...parts, type: 'auth.refused', error, final });
      }
    }
  }

  #tellRefused(kind: string, error: TruefeedError): void {
    if (!this.#tools.isNewKind(`refused ${kind}`)) return;
    const session = this.#sessionName();
    this.#tools.emit({ ...this.base(), type: 'frame.refused', session, error });
  }
}
