import { Config, resilienceSection } from '@kilonova/config';
import { connectIdentity, type Identity, imageTransport, keystoneSection, restLimits } from '@kilonova/identity-client';
import { Breakers } from '@kilonova/observability';
import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ImageClient } from '../image-client.js';
import { imageServiceSection } from './image.section.js';

const IDENTITY = Symbol('the session with the identity service');

const limitsOf = (config: Config, breakers: Breakers) => restLimits(config.get(resilienceSection), breakers.watch);

const openIdentity = (config: Config, breakers: Breakers): Identity =>
  connectIdentity(config.get(keystoneSection), limitsOf(config, breakers));

const openImages = (config: Config, breakers: Breakers, { session }: Identity): ImageClient =>
  new ImageClient(imageTransport(session, config.get(imageServiceSection).url, limitsOf(config, breakers)));

/** The image service over HTTP, with a session of the service's own; as the sections image, keystone, resilience say. */
@Module({
  providers: [
    { provide: IDENTITY, useFactory: openIdentity, inject: [Config, Breakers] },
    { provide: ImageClient, useFactory: openImages, inject: [Config, Breakers, IDENTITY] },
  ],
  exports: [ImageClient],
})
export class ImageServiceModule implements OnApplicationShutdown {
  constructor(
    private readonly images: ImageClient,
    @Inject(IDENTITY) private readonly identity: Identity,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.images.close(), this.identity.close()]);
  }
}
