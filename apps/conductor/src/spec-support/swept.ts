import { BuildRepository, ServiceRepository } from '@kilonova/cell-db';
import { aSelection, nodeUuidOf } from '@kilonova/compute-samples';
import { newRequestId, systemCtx } from '@kilonova/util';
import type { useCloud } from './cloud.js';
import { aBoot } from './samples.js';

type Cloud = ReturnType<typeof useCloud>;

/** A sweeper that gives up soon. */
export const SWEEP = {
  'sweeper.enabled': 'true',
  'sweeper.intervalSeconds': '0.1',
  'sweeper.orphanIntervalSeconds': '0.1',
  'sweeper.overdueSeconds': '0.3',
  'sweeper.lostSeconds': '0.3',
};

/** As if the super conductor had ended after a boot's first step: stored in the cell, nothing else. */
export async function storedOnly(cloud: Cloud) {
  const boot = aBoot(newRequestId());
  const selection = aSelection('h1', cloud.cells.cell1.uuid);
  await cloud.boots.acceptMany(cloud.api, [boot]);
  const args = {
    request_spec: boot.spec,
    image: null,
    requested_networks: 'none',
    admin_password: 'secret',
    selection,
    alternates: [],
  } as const;
  await new BuildRepository().prepareMany(cloud.cell1, systemCtx(), [{ instance: boot.instance, arguments: args }]);
  cloud.placement.hold(boot.instance.uuid, nodeUuidOf('h1'));
  return boot;
}

/** A host of cell1 whose agent lives. */
export const aliveHost = (cloud: Cloud, host: string) =>
  new ServiceRepository().report(cloud.cell1, { host, binary: 'nova-compute', topic: 'compute', version: 1 });
