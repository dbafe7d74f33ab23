import { ConfigError } from '../model/error.js';
import type { FeedEventType } from '../model/event.js';
import { explainUnknownName } from '../model/option-names.js';
import { EVENT_CLASSES } from './event-classes.js';

/** The names of all events, in the order of their declarations. */
export const EVENT_NAMES = Object.keys(EVENT_CLASSES) as readonly FeedEventType[];

/** A misspelt event would never be heard, and nothing would say so. Throws OPTION_INVALID. */
export function checkEventName(type: string): void {
  if (Object.hasOwn(EVENT_CLASSES, type)) return;
  const { text, facts } = explainUnknownName('the events of a feed', String(type), EVENT_NAMES);
  throw new ConfigError('OPTION_INVALID', text, { facts });
}
