import { loadConfig, resilienceSection } from '@kilonova/config';
import { restLimits } from '@kilonova/identity-client';
import { expect, it } from 'vitest';
import { computeApiConfig, computeHttpSection } from './compute-api.config.js';

it('an attempt is shorter than a call with all its attempts, and that shorter than the request it serves', () => {
  const defaults = { apiDatabase: { url: 'postgres://h/api' }, messaging: { url: 'memory://x' } };
  const config = loadConfig({ sections: computeApiConfig, env: {}, defaults });
  const { timeoutMs = 0, callTimeoutMs = 0 } = restLimits(config.get(resilienceSection));
  expect(timeoutMs).toBeGreaterThan(0);
  expect(callTimeoutMs).toBeGreaterThan(timeoutMs);
  expect(config.get(computeHttpSection).requestDeadlineSeconds * 1000).toBeGreaterThan(callTimeoutMs);
});
