import { kraken } from '../../../src/venues/kraken/index.js';
import { describeVenueContract } from '../../contract/venue.js';
import { krakenFixtures } from './fixtures.js';

describeVenueContract('Kraken', () => kraken(), krakenFixtures);
