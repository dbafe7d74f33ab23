import type { BookRule } from '../../model/venue.js';

/**
 * The numbers prove every change of what the venue sends; whether that is the whole book of the
 * broker is on no page, and there is no depth to choose (order-book). There is no checksum. After a
 * gap "request another snapshot the same way": the subscription stays as it is.
 */
export const BOOK_RULE: BookRule = {
  depth: 'whole',
  verifiedDepth: 'whole',
  recovery: ['request-snapshot', 'reconnect'],
};
