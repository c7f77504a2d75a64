import { type CacheImages as CacheArgs, messages, type TendImages as TendArgs } from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { CacheImages } from './cache-images.service.js';
import { TendImages } from './tend-images.service.js';

/** Images of servers, by the cells that noted something about them, and images that servers may be made of. */
@Controller()
export class ImageHandler {
  constructor(
    private readonly tendImages: TendImages,
    private readonly cacheImages: CacheImages,
  ) {}

  @Handles(messages.tendImages)
  tend(@Payload() { instance_uuid }: TendArgs, @Ctx() rpc: RpcContext): Promise<void> {
    return this.tendImages.run(rpc.delivery.ctx, instance_uuid);
  }

  @Handles(messages.cacheImages)
  cache(@Payload() args: CacheArgs, @Ctx() rpc: RpcContext): Promise<void> {
    return this.cacheImages.run(rpc.delivery.ctx, args);
  }
}
