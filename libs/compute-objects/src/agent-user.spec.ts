import { expect, it } from 'vitest';
import { hostOfAgentUser } from './agent-user.js';

it('tells agents, by their hosts, from services', () => {
  expect(hostOfAgentUser('compute.h1.example.org')).toBe('h1.example.org');
  expect([hostOfAgentUser('conductor.cell1'), hostOfAgentUser(undefined)]).toEqual([undefined, undefined]);
});
