import type {
  BlockDevice,
  Instance,
  StepArguments,
  StepMessage,
  StepName,
  StepTicket,
  StepUpdates,
  TaskState,
  Transfer,
} from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import type { Ctx } from '@kilonova/util';
import type { GuestMove, VirtDriver } from '@kilonova/virt';
import { Controller, Injectable, UseGuards } from '@nestjs/common';
import { Payload, Ctx as RpcCtx } from '@nestjs/microservices';
import { ControlPlaneGuard } from '../cell/control-plane.guard.js';
import type { ManagedHost } from '../host/managed-host.js';
import { StepRunner } from './step-runner.service.js';

/** How long guests may take to go to other hosts while they run. */
export interface TransferLimit {
  /** For each GiB, seconds; 0: as long as it takes. */
  readonly secondsPerGib: number;
  /** What is done when it takes longer. */
  readonly late: 'abort' | 'force_complete';
}

/** What a step works with. */
export interface StepWork<S extends StepName = StepName> {
  readonly ctx: Ctx;
  readonly host: ManagedHost;
  readonly driver: VirtDriver;
  /** As it was when the step was taken. */
  readonly instance: Instance;
  readonly arguments: StepArguments[S];
  /** The server's disks beside flavor and image. */
  readonly blockDevices: readonly BlockDevice[];
  /** Devices of this host that the guest is to have. */
  readonly devices: readonly string[];
  /** The move that the step is part of. @throws TypeError when there is none */
  readonly move: () => GuestMove;
  /** Aborted when the step is not wanted any more, or the agent ends. */
  readonly signal: AbortSignal;
  /** Stores another task state of the step, and notifies it. @throws StaleStepError when the step is not ours any more. */
  advance(taskState: TaskState): Promise<Instance>;
  /** Percent; travels with the next beat. */
  progress(percent: number): void;
  /** How long a live migration may take. */
  readonly transferLimit: TransferLimit;
  /** How far a live migration is; travels with the next beat. */
  transferred(transfer: Transfer): void;
}

/**
 * One part of an operation, as the agent does it: what is done to the guest, and nothing else. The runner takes the step,
 * notifies, stores and cleans up by the operation table. May be repeated from its beginning, after a crash in any line.
 */
@Injectable()
export abstract class Step<S extends StepName = StepName> {
  abstract readonly name: S;

  constructor(protected readonly runner: StepRunner) {
    runner.register(this);
  }

  /** Does the work. Returns what there is to store of the guest. @throws Error when it failed: the table says what follows */
  abstract run(work: StepWork<S>): Promise<StepUpdates>;

  /**
   * Takes back what was done when the step failed, or is nobody's any more. What it returns is stored with
   * the failure.
   */
  async undo(_work: StepWork<S>): Promise<StepUpdates> {
    return {};
  }

  /** The server is not on this host any more by the time the step ends: what was made here is nobody's. */
  async abandon(work: StepWork<S>): Promise<void> {
    await this.undo(work);
  }
}

/** Declares a class as the step of a message: its casts are taken by the runner, from the control plane alone. */
export function StepOf<S extends StepName>(message: StepMessage<S>) {
  return <C extends new (...args: never[]) => Step<S>>(target: C): void => {
    const prototype = target.prototype as object;
    const handle = {
      value(this: { readonly runner: StepRunner }, ticket: StepTicket, rpc: RpcContext): Promise<void> {
        const { ctx, target: to } = rpc.delivery;
        return this.runner.begin(ctx, to.host ?? '', { ...ticket, step: message.name });
      },
      writable: true,
      configurable: true,
    };
    Object.defineProperty(prototype, 'name', { value: message.name });
    Object.defineProperty(prototype, 'handle', handle);
    Payload()(prototype, 'handle', 0);
    RpcCtx()(prototype, 'handle', 1);
    Handles(message)(prototype, 'handle', handle);
    Controller()(target);
    UseGuards(ControlPlaneGuard)(target);
  };
}
