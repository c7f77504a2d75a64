import { SelectDestinationsHandler } from './select-destinations.handler.js';

/** What the scheduler takes messages with. */
export const SCHEDULER_HANDLERS = [SelectDestinationsHandler];
