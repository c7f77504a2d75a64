import { describe, expect, it } from 'vitest';
import { agentRights } from './broker-rights.js';

const rights = agentRights('cell1', 'rack.h1');
const may = (right: 'configure' | 'write' | 'read', name: string): boolean => new RegExp(rights[right]).test(name);

describe('the rights of an agent', () => {
  it.each([
    'cell1.compute.rack.h1',
    'cell1.compute.rack.h1.call',
    'cell1.compute.fanout.1f',
    'cell1.reply.1f',
    'cell1.retry.1000',
  ])('has %s to itself', (name) =>
    expect([may('configure', name), may('write', name), may('read', name)]).toEqual([true, true, true]),
  );

  it.each([
    'cell1.compute.rack.h10',
    'cell1.compute.rackxh1',
    'cell1.conductor',
    'cell2.compute.rack.h1',
    'cell1.dead.compute',
    'xcell1.reply.1',
  ])('neither makes nor reads %s', (name) => expect([may('configure', name), may('read', name)]).toEqual([false, false]));

  it('sends through the exchange of casts but binds nothing to it', () => {
    expect([may('write', 'kilonova.cmd'), may('read', 'kilonova.cmd'), may('configure', 'kilonova.cmd')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
