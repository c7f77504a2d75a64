import { describe, expect, it } from 'vitest';
import { checkSender } from './agent-sender.js';

describe('who may speak for a host', () => {
  it.each([
    ['an agent for itself', 'compute.h1', { host: 'h1' }],
    ['an agent for itself, in a heartbeat', 'compute.h1', { hosts: ['h1'] }],
    ['an agent whose build failed', 'compute.h1', { failed_host: 'h1' }],
    ['an agent whose name has dots', 'compute.h1.example.org', { host: 'h1.example.org' }],
    ['a service of the control plane', 'conductor', { host: 'h1' }],
    ['anybody on a bus without users', undefined, { host: 'h1' }],
  ])('%s', (_who, sender, args) => {
    expect(() => checkSender(sender, args)).not.toThrow();
  });

  it.each([
    ['another host', { host: 'h2' }],
    ['another among its own', { hosts: ['h1', 'h2'] }],
    ['another as failed', { host: 'h1', failed_host: 'h2' }],
    ['no host at all', {}],
    ['nothing', undefined],
    ['an empty heartbeat', { hosts: [] }],
  ])('no agent for %s', (_what, args) => {
    expect(() => checkSender('compute.h1', args)).toThrow(
      expect.objectContaining({ kind: 'forbidden', code: 'conductor.agent.foreign_host' }),
    );
  });
});
