import { Config, resilienceSection } from '@kilonova/config';
import { connectIdentity, type Identity, keystoneSection, placementTransport, restLimits } from '@kilonova/identity-client';
import { Breakers } from '@kilonova/observability';
import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { HttpPlacementClient } from '../http-placement-client.js';
import { PlacementClient } from '../placement-client.js';
import { placementSection } from './placement.section.js';

const IDENTITY = Symbol('the session with the identity service');

const limitsOf = (config: Config, breakers: Breakers) => restLimits(config.get(resilienceSection), breakers.watch);

const openIdentity = (config: Config, breakers: Breakers): Identity =>
  connectIdentity(config.get(keystoneSection), limitsOf(config, breakers));

const openPlacement = (config: Config, breakers: Breakers, { session }: Identity): PlacementClient =>
  new HttpPlacementClient(placementTransport(session, config.get(placementSection).url, limitsOf(config, breakers)));

/** Placement over HTTP, with a session of the service's own; as the sections placement, keystone, resilience say. */
@Module({
  providers: [
    { provide: IDENTITY, useFactory: openIdentity, inject: [Config, Breakers] },
    { provide: PlacementClient, useFactory: openPlacement, inject: [Config, Breakers, IDENTITY] },
  ],
  exports: [PlacementClient],
})
export class PlacementModule implements OnApplicationShutdown {
  constructor(
    private readonly placement: PlacementClient,
    @Inject(IDENTITY) private readonly identity: Identity,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.placement.close(), this.identity.close()]);
  }
}
