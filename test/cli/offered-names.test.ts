import { expect, it } from 'vitest';
import { createFakeCli } from '../doubles/fake-cli.js';
import {
  CHANNEL_NAMES,
  EXCHANGE_NAMES,
  ORDER_VENUE_NAMES,
  VENUE_NAMES,
} from '../../src/cli/offered-names.js';
import { chooseVenue } from '../../src/cli/venue-table.js';
import { SIMULATED_NAMES } from '../../src/simulator/index.js';

const { io } = createFakeCli();
const offers = VENUE_NAMES.map((name) => ({ name, venue: chooseVenue(io, name, {}).venue }));

it('are the channels of the venues', () => {
  const names = offers.flatMap(({ venue }) => venue.channels.map((rule) => rule.name));
  expect(CHANNEL_NAMES).toEqual([...new Set(names)]);
});

it('are the venues that take orders', () => {
  const taking = offers.filter(({ venue }) => venue.orderEntry !== undefined);
  expect(ORDER_VENUE_NAMES).toEqual(taking.map(({ name }) => name));
});

it('are the exchanges of the simulator, and the other name of one', () => {
  expect(EXCHANGE_NAMES).toEqual([...SIMULATED_NAMES, 'kraken-v1']);
});
