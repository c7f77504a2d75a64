import {
  type ConsoleOutcome,
  type ConsoleOutput,
  type DiagnosticsOutcome,
  type GetConsoleOutput,
  type GuestRef,
  type InjectionOutcome,
  messages,
  type OpenConsole,
  type QuiesceGuest,
  type QuiesceOutcome,
} from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import { Controller, UseGuards } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ControlPlaneGuard } from '../cell/control-plane.guard.js';
import { ManagedHosts } from '../host/managed-host.js';
import { GuestDesk } from './guest-desk.service.js';
import { QuiescedGuests } from './quiesced-guests.service.js';
import { RemoveGuest } from './remove-guest.service.js';

/** What the API asks of guests and waits for, and what a cell says of guests whose servers are gone. */
@Controller()
@UseGuards(ControlPlaneGuard)
export class GuestHandler {
  constructor(
    private readonly desk: GuestDesk,
    private readonly quiesced: QuiescedGuests,
    private readonly hosts: ManagedHosts,
    private readonly remove: RemoveGuest,
  ) {}

  @Handles(messages.getConsoleOutput)
  consoleOutput(@Payload() args: GetConsoleOutput, @Ctx() rpc: RpcContext): Promise<ConsoleOutput> {
    return this.desk.consoleOutput(rpc.delivery.ctx, args);
  }

  @Handles(messages.getDiagnostics)
  diagnostics(@Payload() args: GuestRef, @Ctx() rpc: RpcContext): Promise<DiagnosticsOutcome> {
    return this.desk.diagnostics(rpc.delivery.ctx, args);
  }

  @Handles(messages.openConsole)
  console(@Payload() args: OpenConsole, @Ctx() rpc: RpcContext): Promise<ConsoleOutcome> {
    return this.desk.console(rpc.delivery.ctx, args);
  }

  @Handles(messages.injectNetworkInfo)
  injectNetworkInfo(@Payload() args: GuestRef, @Ctx() rpc: RpcContext): Promise<InjectionOutcome> {
    return this.desk.injectNetworkInfo(rpc.delivery.ctx, args);
  }

  @Handles(messages.quiesceGuest)
  quiesce(@Payload() args: QuiesceGuest, @Ctx() rpc: RpcContext): Promise<QuiesceOutcome> {
    return this.quiesced.quiesce(rpc.delivery.ctx, args);
  }

  @Handles(messages.unquiesceGuest)
  unquiesce(@Payload() args: GuestRef, @Ctx() rpc: RpcContext): Promise<InjectionOutcome> {
    return this.quiesced.unquiesce(rpc.delivery.ctx, args);
  }

  @Handles(messages.forgetGuest)
  forget(@Payload() { host, instance_uuid }: GuestRef): Promise<void> {
    return this.remove.run(this.hosts.get(host), instance_uuid);
  }
}
