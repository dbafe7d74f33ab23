import { krakenV1 } from '../../../../src/venues/kraken/index.js';
import { describeVenueContract } from '../../../contract/venue.js';
import { krakenV1Fixtures } from './fixtures.js';

describeVenueContract('Kraken v1', () => krakenV1(), krakenV1Fixtures);
