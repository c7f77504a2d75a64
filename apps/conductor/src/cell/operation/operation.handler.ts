import { GuestDeviceRepository, InstanceRepository, MigrationRepository, StepRepository } from '@kilonova/cell-db';
import {
  type AdvanceStep,
  type AdvanceStepResult,
  type AssignDevices,
  type AssignDevicesResult,
  type FinishEvacuations as FinishEvacuationsArgs,
  type FinishStep as FinishStepArgs,
  type FinishStepResult,
  type HostWork,
  type Instance,
  messages,
  type TakeStep as TakeStepArgs,
  type TakeStepResult,
} from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import { Controller, UseGuards } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { AgentGuard } from '../guard/agent.guard.js';
import { FinishEvacuations } from './finish-evacuations.service.js';
import { FinishStep } from './finish-step.service.js';
import { TakeStep } from './take-step.service.js';

/** The steps of operations, by the agents that do them: each statement is bound to the host that the message speaks for. */
@Controller()
@UseGuards(AgentGuard)
export class OperationHandler {
  constructor(
    private readonly sql: DataSource,
    private readonly takeStep: TakeStep,
    private readonly finishStep: FinishStep,
    private readonly finishEvacuations: FinishEvacuations,
    private readonly migrations: MigrationRepository,
    private readonly steps: StepRepository,
    private readonly instances: InstanceRepository,
    private readonly devices: GuestDeviceRepository,
  ) {}

  @Handles(messages.takeStep)
  take(@Payload() args: TakeStepArgs): Promise<TakeStepResult> {
    return this.takeStep.run(args);
  }

  @Handles(messages.advanceStep)
  advance(@Payload() args: AdvanceStep): Promise<AdvanceStepResult> {
    return this.steps.advance(this.sql, args);
  }

  @Handles(messages.assignDevices)
  assignDevices(@Payload() args: AssignDevices): Promise<AssignDevicesResult> {
    return this.devices.assign(this.sql, args);
  }

  @Handles(messages.finishStep)
  finish(@Payload() args: FinishStepArgs, @Ctx() rpc: RpcContext): Promise<FinishStepResult> {
    return this.finishStep.run(rpc.delivery.ctx, args);
  }

  @Handles(messages.hostWork)
  async work(@Payload() { host }: { readonly host: string }): Promise<HostWork> {
    const evacuated = await this.migrations.evacuatedFrom(this.sql, host);
    return {
      instances: await this.instances.onHost(this.sql, host),
      steps: await this.steps.ofHost(this.sql, host),
      evacuated: evacuated.map(({ migration_uuid, instance_uuid }) => ({ migration_uuid, instance_uuid })),
    };
  }

  @Handles(messages.finishEvacuations)
  evacuations(@Payload() args: FinishEvacuationsArgs, @Ctx() rpc: RpcContext): Promise<{ completed: number }> {
    return this.finishEvacuations.run(rpc.delivery.ctx, args);
  }

  @Handles(messages.instancesOnHost)
  onHost(@Payload() { host }: { readonly host: string }): Promise<readonly Instance[]> {
    return this.instances.withGuestsOn(this.sql, host);
  }
}
