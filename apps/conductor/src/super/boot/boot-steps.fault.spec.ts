import type { BootRepository } from '@kilonova/api-db';
import { BootRepository as Boots, BuildRequestRepository, InstanceMappingRepository } from '@kilonova/api-db';
import { BuildRepository, BurialRepository } from '@kilonova/cell-db';
import { nodeUuidOf } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { AppError, newRequestId } from '@kilonova/util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { aBoot } from '../../spec-support/samples.js';

// A conductor that ends between two steps is one whose next step never comes, or comes and is not answered. Each case
// lets one call fail once, before or after its effect; the redelivered message has to bring about the same end.
const cloud = useCloud();
afterEach(() => void vi.restoreAllMocks());

const cut = (): AppError => new AppError({ kind: 'dependency', code: 'test.cut', message: 'cut', retry: { laterMs: 1 } });

/** Makes the next call of a method fail, before it does anything or after it has done everything. */
function failOnce<T extends object>(
  prototype: T,
  method: keyof T & string,
  when: 'before' | 'after',
): { readonly done: () => boolean } {
  const original = prototype[method] as (...args: unknown[]) => Promise<unknown>;
  let failed = false;
  vi.spyOn(prototype as Record<string, (...args: unknown[]) => Promise<unknown>>, method).mockImplementation(async function (
    this: unknown,
    ...args: unknown[]
  ) {
    if (failed) return original.apply(this, args);
    failed = true;
    if (when === 'after') await original.apply(this, args);
    throw cut();
  });
  return { done: () => failed };
}

const boots = (count: number) => {
  const requestId = newRequestId();
  return Array.from({ length: count }, () => aBoot(requestId));
};

const steps: ReadonlyArray<readonly [string, () => { done: () => boolean }]> = (['before', 'after'] as const).flatMap((when) => [
  [`${when} the boots are loaded`, () => failOnce<BootRepository>(Boots.prototype, 'load', when)],
  [`${when} instances are stored in the cell`, () => failOnce<BuildRepository>(BuildRepository.prototype, 'prepareMany', when)],
  [`${when} they are settled at the API level`, () => failOnce<BootRepository>(Boots.prototype, 'settle', when)],
  [`${when} they are handed over`, () => failOnce<BuildRepository>(BuildRepository.prototype, 'sendMany', when)],
]);

describe('a boot that is cut short', () => {
  it.each(steps)('%s ends in one build on the host that was claimed first', async (_where, arm) => {
    cloud.scheduler.hosts = [
      ['h1', cloud.cells.cell1.uuid],
      ['h2', cloud.cells.cell1.uuid],
      ['h3', cloud.cells.cell2.uuid],
    ];
    const fault = arm();
    await cloud.conductor('super');
    const accepted = boots(3);
    await cloud.accept(accepted);
    await eventually(() => expect(cloud.agents1.told.length + cloud.agents2.told.length).toBe(3));
    expect(fault.done()).toBe(true);
    const told = [...cloud.agents1.told, ...cloud.agents2.told];
    for (const message of told) expect(nodeUuidOf(message.host ?? '')).toBe(cloud.placement.held.get(message.args.instance_uuid));
    expect(new Set(told.map((message) => message.args.instance_uuid)).size).toBe(3);
    expect(await cloud.buildRequests()).toEqual([]);
    expect((await cloud.instances(cloud.cell1)).length + (await cloud.instances(cloud.cell2)).length).toBe(3);
    expect(await cloud.instances(cloud.cell0)).toEqual([]);
  });
});

const burials: typeof steps = (['before', 'after'] as const).flatMap((when) => [
  [`${when} it is stored in cell0`, () => failOnce<BurialRepository>(BurialRepository.prototype, 'buryMany', when)],
  [`${when} it is settled`, () => failOnce<BootRepository>(Boots.prototype, 'settle', when)],
]);

describe('a burial that is cut short', () => {
  it.each(burials)('%s ends in one grave', async (_where, arm) => {
    cloud.scheduler.hosts = [];
    const fault = arm();
    await cloud.conductor('super');
    await cloud.accept(boots(2));
    await eventually(async () => expect(await cloud.buildRequests()).toEqual([]));
    expect(fault.done()).toBe(true);
    expect((await cloud.mappings()).map((mapping) => mapping.cell_id)).toEqual([cloud.cells.cell0.id, cloud.cells.cell0.id]);
    expect((await cloud.instances(cloud.cell0)).map((instance) => instance.vm_state)).toEqual(['error', 'error']);
    expect(await rows(cloud.cell0, 'SELECT 1 FROM instance_actions')).toHaveLength(2);
    await eventually(async () => expect(await rows(cloud.api, 'SELECT 1 FROM scheduling_records')).toHaveLength(2));
  });
});

describe('a user who is quicker', () => {
  it.each([
    ['when instances are stored in the cell', BuildRepository.prototype, 'prepareMany'],
    ['when the cut message comes again', Boots.prototype, 'settle'],
  ] as const)('%s leaves neither row nor claim', async (_when, prototype, method) => {
    const accepted = boots(2);
    const [given] = accepted;
    let first = true;
    const methods = prototype as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    const original = methods[method];
    vi.spyOn(methods, method).mockImplementation(async function (this: unknown, ...args: unknown[]) {
      if (first) {
        first = false;
        await new BuildRequestRepository().giveUp(cloud.api, given?.instance.uuid ?? '');
        if (method === 'settle') throw cut();
      }
      return original?.apply(this, args);
    });
    await cloud.conductor('super', {
      'sweeper.enabled': 'true',
      'sweeper.intervalSeconds': '0.2',
      'sweeper.overdueSeconds': '0.3',
    });
    await cloud.accept(accepted);
    await eventually(async () => {
      expect(cloud.agents1.told).toHaveLength(1);
      expect((await cloud.instances(cloud.cell1)).map((instance) => instance.uuid)).toEqual([accepted[1]?.instance.uuid]);
      expect([...cloud.placement.held.keys()]).toEqual([accepted[1]?.instance.uuid]);
    });
    expect(await new InstanceMappingRepository().find(cloud.api, given?.instance.uuid ?? '')).toBeUndefined();
  });
});
