import { option } from './option.js';
import { defineSection } from './section.js';

/**
 * Time limits, retries and breakers in one place, so that the budget adds up: an attempt is shorter than a call, a call
 * shorter than the request it serves.
 */
export const resilienceSection = defineSection(
  'resilience',
  {
    callTimeoutSeconds: option.duration({
      default: 30,
      min: 0.1,
      help: 'How long a call to another service may take with its retries. Has to be shorter than the time that a request of a client has (http.requestDeadlineSeconds of the Compute API).',
    }),
    attemptTimeoutSeconds: option.duration({
      default: 10,
      min: 0.01,
      help: 'How long one attempt of a call may take. A service that is slower than this counts as failing.',
    }),
    readAttempts: option.int({
      default: 3,
      min: 1,
      max: 10,
      help: 'Attempts of a read that met a broken connection. Writes are never sent twice.',
    }),
    breakerErrorPercent: option.int({
      default: 50,
      min: 1,
      max: 100,
      help: 'Share of failing calls in the last ten seconds at which a service is taken for dead and not asked any more.',
    }),
    breakerVolume: option.int({ default: 10, min: 1, help: 'Calls in the last ten seconds below which a breaker never opens.' }),
    breakerResetSeconds: option.duration({
      default: 2,
      min: 0.1,
      help: 'After this time an open breaker lets one call through to see.',
    }),
    connectionsPerService: option.int({
      default: 64,
      min: 1,
      help: 'Connections kept to one service; calls beyond that wait in line.',
    }),
  },
  'Time limits, retries and breakers towards other services.',
  { 'resilience.attemptTimeoutMs': 'attemptTimeoutSeconds', 'resilience.breakerResetMs': 'breakerResetSeconds' },
);
