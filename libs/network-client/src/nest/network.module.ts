import { Config, resilienceSection } from '@kilonova/config';
import { connectIdentity, type Identity, keystoneSection, restLimits } from '@kilonova/identity-client';
import { Breakers } from '@kilonova/observability';
import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { networkSection } from '../network.section.js';
import { NetworkService } from '../network-service.port.js';
import { openNetworks } from '../open-networks.js';

const IDENTITY = Symbol('the session that networks are asked for with');

const limitsOf = (config: Config, breakers: Breakers) => restLimits(config.get(resilienceSection), breakers.watch);

const openIdentity = (config: Config, breakers: Breakers): Identity =>
  connectIdentity(config.get(keystoneSection), limitsOf(config, breakers));

const open = (config: Config, breakers: Breakers, { session }: Identity): NetworkService =>
  openNetworks(config.get(networkSection), session, limitsOf(config, breakers));

/** The network service, with a session of the service's own; as the sections network, keystone, resilience say. */
@Module({
  providers: [
    { provide: IDENTITY, useFactory: openIdentity, inject: [Config, Breakers] },
    { provide: NetworkService, useFactory: open, inject: [Config, Breakers, IDENTITY] },
  ],
  exports: [NetworkService],
})
export class NetworkModule implements OnApplicationShutdown {
  constructor(
    private readonly networks: NetworkService,
    @Inject(IDENTITY) private readonly identity: Identity,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.networks.close(), this.identity.close()]);
  }
}
