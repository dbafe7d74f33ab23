import type { Logger } from '../model/logger.js';
import type { FrameTap, SessionListener } from '../model/session.js';

type Report = (call: string, error: unknown) => void;

function createReport(logger: Logger): Report {
  return (call, error) =>
    logger.error('A listener of the session threw; the session goes on.', {
      code: 'LISTENER_FAILED',
      call,
      error,
    });
}

/**
 * The listener, so wrapped that what it throws is logged and ends nothing: a fault in what a
 * program does with its data must not cost it the connection.
 */
export function guardListener(listener: SessionListener, logger: Logger): SessionListener {
  const report = createReport(logger);
  return {
    onReady() {
      try {
        listener.onReady();
      } catch (error) {
        report('onReady', error);
      }
    },
    onFrame(frame, receivedAtMs) {
      try {
        listener.onFrame(frame, receivedAtMs);
      } catch (error) {
        report('onFrame', error);
      }
    },
    onBadFrame(error, receivedAtMs) {
      try {
        listener.onBadFrame(error, receivedAtMs);
      } catch (thrown) {
        report('onBadFrame', thrown);
      }
    },
    onLost(error, retryInMs) {
      try {
        listener.onLost(error, retryInMs);
      } catch (thrown) {
        report('onLost', thrown);
      }
    },
    onSubscribed(subscription) {
      try {
        listener.onSubscribed(subscription);
      } catch (error) {
        report('onSubscribed', error);
      }
    },
    onEnded(subscription) {
      try {
        listener.onEnded(subscription);
      } catch (error) {
        report('onEnded', error);
      }
    },
    onRefused(subscription, refusal) {
      try {
        listener.onRefused(subscription, refusal);
      } catch (error) {
        report('onRefused', error);
      }
    },
    onComplaint(error) {
      try {
        listener.onComplaint?.(error);
      } catch (thrown) {
        report('onComplaint', thrown);
      }
    },
    onAuth(notice) {
      try {
        listener.onAuth(notice);
      } catch (error) {
        report('onAuth', error);
      }
    },
  };
}

/** The tap, so wrapped that what it throws is logged and costs neither the frame nor the socket. */
export function guardTap(tap: FrameTap, logger: Logger): FrameTap {
  const guard = (call: string, act: () => void): void => {
    try {
      act();
    } catch (error) {
      logger.error('A tap of the frames threw; the session goes on.', {
        code: 'LISTENER_FAILED',
        call,
        error,
      });
    }
  };
  return {
    onFrameReceived: (session, frame, receivedAtMs) =>
      guard('onFrameReceived', () => tap.onFrameReceived(session, frame, receivedAtMs)),
    onFrameSent: (session, text, sentAtMs) =>
      guard('onFrameSent', () => tap.onFrameSent(session, text, sentAtMs)),
  };
}
