import { cloud9trader } from '../../../src/venues/cloud9trader/index.js';
import { describeVenueContract } from '../../contract/venue.js';
import { cloud9traderFixtures } from './fixtures.js';

describeVenueContract('Cloud9Trader', () => cloud9trader(), cloud9traderFixtures);
