import { type TendImages as Args, messages } from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { TendImages } from './tend-images.service.js';

/** Images of servers, by the cells that noted something about them. */
@Controller()
export class ImageHandler {
  constructor(private readonly tendImages: TendImages) {}

  @Handles(messages.tendImages)
  tend(@Payload() { instance_uuid }: Args, @Ctx() rpc: RpcContext): Promise<void> {
    return this.tendImages.run(rpc.delivery.ctx, instance_uuid);
  }
}
