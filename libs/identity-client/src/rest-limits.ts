import type { resilienceSection, SectionValues } from '@kilonova/config';
import type { RestLimits } from '@kilonova/rest-client';

/** The limits of HTTP to other services, as the section `resilience` sets them. */
export const restLimits = (values: SectionValues<typeof resilienceSection>, watch?: RestLimits['watch']): RestLimits => ({
  timeoutMs: values.attemptTimeoutSeconds * 1000,
  callTimeoutMs: values.callTimeoutSeconds * 1000,
  attempts: values.readAttempts,
  maxConnections: values.connectionsPerService,
  breaker: { errorPercent: values.breakerErrorPercent, volume: values.breakerVolume, resetMs: values.breakerResetSeconds * 1000 },
  watch,
});
