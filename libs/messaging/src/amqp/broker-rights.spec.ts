import { describe, expect, it } from 'vitest';
import { agentRights } from './broker-rights.js';
import { hostQueues, hostTopology } from './host-topology.js';

const rights = agentRights('cell1', 'rack.h1');
const may = (name: string) =>
  (['configure', 'write', 'read'] as const).filter((right) => new RegExp(rights[right]).test(name)).join(' ');

describe('the rights of an agent', () => {
  it.each(['cell1.compute.rack.h1', 'cell1.compute.rack.h1.calls', 'cell1.compute.rack.h1.fanout'])(
    'H4: takes from %s, and may not make, bind or delete it',
    (name) => expect(may(name)).toBe('read'),
  );

  it('sends through the exchange of its host, which it can neither make nor bind a queue to', () =>
    expect(may('cell1.compute.rack.h1.out')).toBe('write'));

  it.each(['amq.default', 'kilonova.cmd', 'kilonova.dlx', 'nova', 'cell1.compute.fanout', 'cell1.conductor.hello'])(
    'has nothing to do with the exchange "%s", by which one reaches others',
    (name) => expect(may(name)).toBe(''),
  );

  it.each([
    ...hostQueues(hostTopology('cell1', 'rack.h1'))
      .filter(({ taken }) => !taken)
      .map(({ name }) => name),
    ...hostQueues(hostTopology('cell1', 'rack.h2')).map(({ name }) => name),
    'cell1.compute.rack.h1.retry.77',
    'cell1.conductor.retry.1000',
    'cell1.compute.rack.h10',
    'cell1.compute.rackxh1',
    'cell1.compute.rack.h1.callsx',
    'cell1.compute.rack.h2.out',
    'cell1.conductor',
    'cell1.conductor.call',
    'cell1.reply.1f',
    'cell2.compute.rack.h1',
    'cell1.dead.compute',
    'versioned_notifications.info',
  ])('H4: neither reads, writes nor makes %s', (name) => expect(may(name)).toBe(''));

  it.each(hostQueues(hostTopology('cell1', 'h1')).map((queue) => [queue.name, queue] as const))(
    'what it sends to %s can fill that much of the broker and no more, and then it is refused itself',
    (_name, { sentAs, arguments: args }) => {
      if (sentAs.length === 0) return expect(args).toHaveProperty('x-max-length');
      expect(args).toMatchObject({ 'x-max-length': expect.any(Number), 'x-overflow': 'reject-publish' });
    },
  );

  it.each([
    'fanout',
    'fanout.x',
    'h1.call',
    'h1.calls',
    'h1.out',
    'h1.dead',
    'h1.hello',
    'h1.events',
    'h1.fanout',
    'h1.retry.1000',
    'h1.again.1000',
  ])('H4: no host is called %s, as its queues would be mistaken', (host) =>
    expect(() => agentRights('cell1', host)).toThrow(expect.objectContaining({ code: 'messaging.host.reserved' })),
  );
});
