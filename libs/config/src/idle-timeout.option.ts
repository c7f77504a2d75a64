import { option } from './option.js';

/** How long every HTTP service bears silence. */
export const idleTimeoutOption = option.duration({
  default: 60,
  min: 1,
  max: 3600,
  help: 'Seconds without a byte after which a connection is ended, in the middle of a request or response too. What is being worked on is waited for.',
});
