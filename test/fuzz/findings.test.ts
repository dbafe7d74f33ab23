/** What fuzzing has found, each as the smallest input that shows it. */
import { describe, expect, it } from 'vitest';
import { kraken } from '../../src/venues/kraken/index.js';
import { refuseFrame } from '../contract/venue-decode.js';

describe('frames', () => {
  it('that are no JSON are quoted as they came, so that a token with digits is masked', () => {
    const token = 'x5aQ0RCC7hBYNVh53sTv1yZ5H4wIbwDF20PiHtTF14UI';
    const error = refuseFrame(kraken().createCodec(), Buffer.from(`bad token ${token}`));
    expect(error.message).toContain('"bad token [secret]"');
    expect(error.message.replaceAll('"', '')).not.toContain(token.slice(0, 12));
  });
});
