import { describeDays } from '../simulation/days.js';

// A file for each protocol, so that two are played at once.
describeDays('kraken');
