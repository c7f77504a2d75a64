import { Config, resilienceSection } from '@kilonova/config';
import { connectIdentity, type Identity, keystoneSection, restLimits } from '@kilonova/identity-client';
import { Breakers } from '@kilonova/observability';
import { openVolumes, VolumeService, volumeSection } from '@kilonova/volume-client';
import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';

const IDENTITY = Symbol('the session that volumes are asked for with');

const limitsOf = (config: Config, breakers: Breakers) => restLimits(config.get(resilienceSection), breakers.watch);

const openIdentity = (config: Config, breakers: Breakers): Identity =>
  connectIdentity(config.get(keystoneSection), limitsOf(config, breakers));

const open = (config: Config, breakers: Breakers, { session }: Identity): VolumeService =>
  openVolumes(config.get(volumeSection), session, limitsOf(config, breakers));

/** The volume service, with a session of the agent's own; as the sections volume, keystone, resilience say. */
@Module({
  providers: [
    { provide: IDENTITY, useFactory: openIdentity, inject: [Config, Breakers] },
    { provide: VolumeService, useFactory: open, inject: [Config, Breakers, IDENTITY] },
  ],
  exports: [VolumeService],
})
export class VolumeModule implements OnApplicationShutdown {
  constructor(
    private readonly volumes: VolumeService,
    @Inject(IDENTITY) private readonly identity: Identity,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.volumes.close(), this.identity.close()]);
  }
}
