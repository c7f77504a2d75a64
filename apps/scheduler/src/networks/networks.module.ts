import { Config } from '@kilonova/config';
import { NetworkModule, NetworkService } from '@kilonova/network-client';
import { PlacementClient, PlacementModule } from '@kilonova/placement-client';
import { Module } from '@nestjs/common';
import { schedulerSection } from '../config.js';
import { NetworkDemands } from './network-demands.service.js';

const openDemands = (config: Config, networks: NetworkService, placement: PlacementClient): NetworkDemands =>
  new NetworkDemands(networks, placement, config.get(schedulerSection).queryPlacementForRoutedNetworkAggregates);

/** What networks ask of hosts. */
@Module({
  imports: [PlacementModule, NetworkModule],
  providers: [{ provide: NetworkDemands, useFactory: openDemands, inject: [Config, NetworkService, PlacementClient] }],
  exports: [NetworkDemands],
})
export class NetworksModule {}
