import type { OperationAction, OperationArguments, OperationOf } from '@kilonova/compute-objects';
import { type ApiReply, type ApiRequest, accepted } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { AcceptAction } from '../../core/accept-action.service.js';
import { serverId } from '../../core/server-id.js';

/** What agents do with the power of servers: accepted where the action table allows it. */
@Injectable()
export class PowerController {
  constructor(private readonly acceptAction: AcceptAction) {}

  start(request: ApiRequest): Promise<ApiReply> {
    return this.#accept(request, 'start', {});
  }

  stop(request: ApiRequest): Promise<ApiReply> {
    return this.#accept(request, 'stop', { clean_shutdown: true });
  }

  pause(request: ApiRequest): Promise<ApiReply> {
    return this.#accept(request, 'pause', {});
  }

  unpause(request: ApiRequest): Promise<ApiReply> {
    return this.#accept(request, 'unpause', {});
  }

  suspend(request: ApiRequest): Promise<ApiReply> {
    return this.#accept(request, 'suspend', {});
  }

  resume(request: ApiRequest): Promise<ApiReply> {
    return this.#accept(request, 'resume', {});
  }

  reboot(request: ApiRequest<{ readonly reboot: { readonly type: string } }>): Promise<ApiReply> {
    const isHard = request.body.reboot.type.toUpperCase() === 'HARD';
    return this.#accept(request, isHard ? 'rebootHard' : 'rebootSoft', {});
  }

  triggerCrashDump(request: ApiRequest): Promise<ApiReply> {
    return this.#accept(request, 'triggerCrashDump', {});
  }

  async #accept<A extends OperationAction>(
    request: ApiRequest<unknown>,
    action: A,
    args: OperationArguments[OperationOf<A>],
  ): Promise<ApiReply> {
    await this.acceptAction.run(request.ctx, request, serverId(request), action, args);
    return accepted();
  }
}
