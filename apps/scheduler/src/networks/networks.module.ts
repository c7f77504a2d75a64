import { Config, resilienceSection } from '@kilonova/config';
import { connectIdentity, type Identity, keystoneSection, restLimits } from '@kilonova/identity-client';
import { NetworkService, networkSection, openNetworks } from '@kilonova/network-client';
import { Breakers } from '@kilonova/observability';
import { PlacementClient, PlacementModule } from '@kilonova/placement-client';
import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { schedulerSection } from '../config.js';
import { NetworkDemands } from './network-demands.service.js';

const IDENTITY = Symbol('the session that networks are asked for with');

const limitsOf = (config: Config, breakers: Breakers) => restLimits(config.get(resilienceSection), breakers.watch);

const openIdentity = (config: Config, breakers: Breakers): Identity =>
  connectIdentity(config.get(keystoneSection), limitsOf(config, breakers));

const open = (config: Config, breakers: Breakers, { session }: Identity): NetworkService =>
  openNetworks(config.get(networkSection), session, limitsOf(config, breakers));

const openDemands = (config: Config, networks: NetworkService, placement: PlacementClient): NetworkDemands =>
  new NetworkDemands(networks, placement, config.get(schedulerSection).queryPlacementForRoutedNetworkAggregates);

/** What networks ask of hosts. */
@Module({
  imports: [PlacementModule],
  providers: [
    { provide: IDENTITY, useFactory: openIdentity, inject: [Config, Breakers] },
    { provide: NetworkService, useFactory: open, inject: [Config, Breakers, IDENTITY] },
    { provide: NetworkDemands, useFactory: openDemands, inject: [Config, NetworkService, PlacementClient] },
  ],
  exports: [NetworkDemands],
})
export class NetworksModule implements OnApplicationShutdown {
  constructor(
    private readonly networks: NetworkService,
    @Inject(IDENTITY) private readonly identity: Identity,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.networks.close(), this.identity.close()]);
  }
}
