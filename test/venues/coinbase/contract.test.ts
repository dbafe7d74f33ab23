import { coinbase } from '../../../src/venues/coinbase/index.js';
import { describeVenueContract } from '../../contract/venue.js';
import { coinbaseFixtures } from './fixtures.js';

describeVenueContract('Coinbase', () => coinbase(), coinbaseFixtures);
