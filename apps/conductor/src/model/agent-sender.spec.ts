import { describe, expect, it } from 'vitest';
import { checkSender } from './agent-sender.js';

describe('who may speak for a host', () => {
  it.each([
    ['an agent for itself', { host: 'h1' }],
    ['an agent for itself, in a heartbeat', { hosts: ['h1'] }],
    ['an agent whose build failed', { failed_host: 'h1' }],
  ])('%s', (_who, args) => {
    expect(() => checkSender('compute.h1', 'h1', args)).not.toThrow();
  });

  it.each([
    ['another host', { host: 'h2' }],
    ['another among its own', { hosts: ['h1', 'h2'] }],
    ['another as failed', { host: 'h1', failed_host: 'h2' }],
    ['no host at all', {}],
    ['nothing', undefined],
    ['an empty heartbeat', { hosts: [] }],
  ])('no agent for %s', (_what, args) => {
    expect(() => checkSender('compute.h1', 'h1', args)).toThrow(
      expect.objectContaining({ kind: 'forbidden', code: 'conductor.agent.foreign_host' }),
    );
  });

  it('C3: nobody who is neither control plane nor agent', () => {
    expect(() => checkSender('guest', undefined, { host: 'h1' })).toThrow(
      expect.objectContaining({ kind: 'forbidden', code: 'conductor.sender.unknown' }),
    );
  });
});
