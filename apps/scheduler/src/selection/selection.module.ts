import { Config } from '@kilonova/config';
import { NotificationsModule } from '@kilonova/notifications';
import { PlacementClient, PlacementModule } from '@kilonova/placement-client';
import { Module } from '@nestjs/common';
import { schedulerSection } from '../config.js';
import { HOST_NAME } from '../tokens.js';
import { WorldModule } from '../world/world.module.js';
import { SchedulingWorld } from '../world/world.port.js';
import { CountCapacityHandler } from './count-capacity.handler.js';
import { CountCapacity } from './count-capacity.service.js';
import { schedulingOptions } from './scheduling-options.js';
import { SelectDestinationsHandler } from './select-destinations.handler.js';
import { SelectDestinations } from './select-destinations.service.js';

const openSelection = (config: Config, placement: PlacementClient, world: SchedulingWorld): SelectDestinations =>
  new SelectDestinations(placement, world, schedulingOptions(config));

const openCapacity = (config: Config, placement: PlacementClient, world: SchedulingWorld): CountCapacity =>
  new CountCapacity(placement, world, schedulingOptions(config));

/** Hosts for instances: found, judged and claimed. */
@Module({
  imports: [WorldModule, PlacementModule, NotificationsModule],
  controllers: [SelectDestinationsHandler, CountCapacityHandler],
  providers: [
    { provide: SelectDestinations, useFactory: openSelection, inject: [Config, PlacementClient, SchedulingWorld] },
    { provide: CountCapacity, useFactory: openCapacity, inject: [Config, PlacementClient, SchedulingWorld] },
    { provide: HOST_NAME, useFactory: (config: Config) => config.get(schedulerSection).host, inject: [Config] },
  ],
})
export class SelectionModule {}
