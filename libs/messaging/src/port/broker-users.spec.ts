import { expect, it } from 'vitest';
import { agentUser, controlPlaneOf, hostOfAgentUser } from './broker-users.js';

it('tells agents, by their hosts, from services', () => {
  expect(hostOfAgentUser(agentUser('h1.example.org'))).toBe('h1.example.org');
  expect(controlPlaneOf([], 'cell1').map(hostOfAgentUser)).toEqual([undefined, undefined]);
  expect(['', 'guest', 'Compute.h1', 'xcompute.h1'].map(hostOfAgentUser)).toEqual([undefined, undefined, undefined, undefined]);
});
