import { AuthError, ConnectionError, type TruefeedError } from '../model/error.js';
import type { DecodedFrame } from '../model/message.js';
import type { Timers } from '../model/runtime.js';
import { redactText } from '../runtime/redaction.js';
import { asTruefeedError, type SignIn } from './sign-in.js';

/** A login on the open socket that is not answered by then has failed. */
export const LOGIN_TIMEOUT_MS = 10_000;

/** What a login is given to work with; nothing is called any more once `isWanted` is false. */
export interface LoginParts {
  readonly signIn: SignIn;
  /** Timers of the attempt, cancelled by the session when it ends. */
  readonly timers: Timers;
  readonly isWanted: () => boolean;
  readonly transmit: (text: string) => void;
  readonly onAccepted: () => void;
  readonly onRefused: (error: TruefeedError) => void;
  /** No answer came; that says nothing of the key. */
  readonly onTimeout: (error: TruefeedError) => void;
}

/** One login on one open socket, for venues that want it before anything else. */
export class Login {
  readonly #parts: LoginParts;

  constructor(parts: LoginParts) {
    this.#parts = parts;
  }

  start(): void {
    const { signIn, timers, isWanted, transmit, onRefused, onTimeout } = this.#parts;
    timers.after(LOGIN_TIMEOUT_MS, () => {
      if (!isWanted()) return;
      onTimeout(
        new ConnectionError(
          'TIMED_OUT',
          `The venue did not answer the login in ${LOGIN_TIMEOUT_MS} ms; it is dialled again.`,
          { facts: { timeoutMs: LOGIN_TIMEOUT_MS } },
        ),
      );
    });
    signIn.makeLogin().then(
      (login) => {
        if (isWanted()) transmit(JSON.stringify(login));
      },
      (error: unknown) => {
        if (isWanted()) onRefused(asTruefeedError(error));
      },
    );
  }

  /** A frame that came before the login was answered, or with the answer in it. */
  receive(frame: DecodedFrame): void {
    const { signIn, isWanted, onAccepted, onRefused } = this.#parts;
    for (const message of frame.messages) {
      if (!isWanted()) return;
      if (signIn.inspect(message) === 'accepted') {
        signIn.noteAccepted();
        onAccepted();
      } else if (message.type === 'request.refused') {
        const { code, venueText, likelyCause } = message;
        const words = redactText(venueText).slice(0, 200);
        onRefused(new AuthError(code, `The venue refused the login: "${words}". ${likelyCause}`));
      }
    }
  }
}
