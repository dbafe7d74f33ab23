/** What `npm run test:fuzz` was asked to play. */
interface Asked {
  readonly only?: string;
  readonly runs?: number;
  readonly seed?: number;
  readonly path?: string;
}

/** Everything has a value of its own where nothing was asked for. */
export const asked = JSON.parse(process.env['TRUEFEED_FUZZ'] ?? '{}') as Asked;
