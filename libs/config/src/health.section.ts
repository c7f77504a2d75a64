import { option } from './option.js';
import { defineSection } from './section.js';

/** Where a process tells how it is: apart from its API, whose clients it does not concern. */
export const healthSection = defineSection('health', {
  host: option.string({
    default: '127.0.0.1',
    help: 'The address on which /livez, /readyz and /metrics are answered, without a token: leave it to the operators’ network.',
  }),
  port: option.port({ default: 0, help: 'The port; 0 answers nowhere, and metrics are not to be had.' }),
});
