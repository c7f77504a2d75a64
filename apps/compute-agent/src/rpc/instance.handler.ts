import { type BuildAndRunInstance, messages, type TerminateInstance } from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import { Controller, Inject, UseGuards } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { BuildInstance } from '../service/build-instance.service.js';
import { ManagedHosts } from '../service/managed-host.js';
import { TerminateInstance as Terminate } from '../service/terminate-instance.service.js';
import { ControlPlaneGuard } from './control-plane.guard.js';

const hostOf = (hosts: ManagedHosts, rpc: RpcContext) => hosts.get(rpc.delivery.target.host ?? '');

/** Messages about one instance, addressed to its host. */
@Controller()
@UseGuards(ControlPlaneGuard)
export class InstanceHandler {
  constructor(
    @Inject(ManagedHosts) private readonly hosts: ManagedHosts,
    @Inject(BuildInstance) private readonly build: BuildInstance,
    @Inject(Terminate) private readonly terminate: Terminate,
  ) {}

  @Handles(messages.buildAndRunInstance)
  buildAndRun(@Payload() args: BuildAndRunInstance, @Ctx() rpc: RpcContext): Promise<void> {
    return this.build.run(rpc.delivery.ctx, hostOf(this.hosts, rpc), args);
  }

  @Handles(messages.terminateInstance)
  terminateInstance(@Payload() args: TerminateInstance, @Ctx() rpc: RpcContext): Promise<void> {
    this.build.abort(args.instance_uuid);
    return this.terminate.run(rpc.delivery.ctx, hostOf(this.hosts, rpc), args.instance_uuid);
  }
}
