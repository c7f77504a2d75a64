import { Config } from '@kilonova/config';
import { NotificationsModule } from '@kilonova/notifications';
import { PlacementClient, PlacementModule } from '@kilonova/placement-client';
import { Module } from '@nestjs/common';
import { schedulerSection } from '../config.js';
import { NetworkDemands } from '../networks/network-demands.service.js';
import { NetworksModule } from '../networks/networks.module.js';
import { HOST_NAME } from '../tokens.js';
import { WorldModule } from '../world/world.module.js';
import { SchedulingWorld } from '../world/world.port.js';
import { CountCapacityHandler } from './count-capacity.handler.js';
import { CountCapacity } from './count-capacity.service.js';
import { schedulingOptions } from './scheduling-options.js';
import { SelectDestinationsHandler } from './select-destinations.handler.js';
import { SelectDestinations } from './select-destinations.service.js';

type Sources = [placement: PlacementClient, world: SchedulingWorld, networks: NetworkDemands];

const SOURCES = [PlacementClient, SchedulingWorld, NetworkDemands];

const openSelection = (config: Config, ...[placement, world, networks]: Sources): SelectDestinations =>
  new SelectDestinations(placement, world, schedulingOptions(config), networks);

const openCapacity = (config: Config, ...[placement, world, networks]: Sources): CountCapacity =>
  new CountCapacity(placement, world, schedulingOptions(config), networks);

/** Hosts for instances: found, judged and claimed. */
@Module({
  imports: [WorldModule, NetworksModule, PlacementModule, NotificationsModule],
  controllers: [SelectDestinationsHandler, CountCapacityHandler],
  providers: [
    { provide: SelectDestinations, useFactory: openSelection, inject: [Config, ...SOURCES] },
    { provide: CountCapacity, useFactory: openCapacity, inject: [Config, ...SOURCES] },
    { provide: HOST_NAME, useFactory: (config: Config) => config.get(schedulerSection).host, inject: [Config] },
  ],
})
export class SelectionModule {}
