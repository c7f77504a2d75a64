import { describe, expect, it } from 'vitest';
import { agentRights } from './broker-rights.js';

const rights = agentRights('cell1', 'rack.h1');
const may = (name: string) =>
  (['configure', 'write', 'read'] as const).filter((right) => new RegExp(rights[right]).test(name)).join(' ');

describe('the rights of an agent', () => {
  it.each(['cell1.compute.rack.h1.call', 'cell1.compute.fanout.1f', 'cell1.reply.1f'])('has %s to itself', (name) =>
    expect(may(name)).toBe('configure write read'),
  );

  it('H4: takes its casts and may not make, bind or delete their queue', () => expect(may('cell1.compute.rack.h1')).toBe('read'));

  it.each(['cell1.compute.rack.h1.retry.1000', 'cell1.compute.rack.h2.retry.1000', 'cell1.conductor.retry.1000'])(
    'H4: neither reads nor makes %s',
    (name) => expect(may(name)).toBe(''),
  );

  it.each([
    'cell1.compute.rack.h10',
    'cell1.compute.rackxh1',
    'cell1.compute.rack.h1.callx',
    'cell1.conductor',
    'cell2.compute.rack.h1',
    'cell1.dead.compute',
    'xcell1.reply.1',
    'versioned_notifications.info',
  ])('has nothing to do with %s', (name) => expect(may(name)).toBe(''));

  it('sends through the exchanges, and binds nothing to that of casts', () => {
    expect(['kilonova.cmd', 'kilonova.dlx', 'amq.default', 'nova'].map(may)).toEqual(['write', 'write', 'write', 'write']);
    expect(may('cell1.compute.fanout')).toBe('read');
  });

  it.each(['fanout', 'fanout.x', 'h1.call', 'h1.retry.1000'])(
    'H4: no host is called %s, as its queues would be mistaken',
    (host) => expect(() => agentRights('cell1', host)).toThrow(expect.objectContaining({ code: 'messaging.host.reserved' })),
  );
});
