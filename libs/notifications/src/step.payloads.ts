import type { Instance, InstanceFault, RescueArguments, StepArguments, StepName } from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';
import { type ExceptionFacts, instanceActionPayload, instanceRescuePayload, type VersionedObject } from './versioned/index.js';

/** What an event tells of a step beside the instance. */
export interface EventFacts {
  readonly fault?: InstanceFault;
  /** Of the step that it is about, where they are known. */
  readonly arguments?: StepArguments[StepName];
}

type Arguments = EventFacts['arguments'];

/** What the events of a step say in either family. */
export interface StepPayload {
  versioned(ctx: Ctx, instance: Instance, args: Arguments, fault?: ExceptionFacts): VersionedObject;
  /** Keys beside those of every unversioned event. */
  legacy(instance: Instance, args: Arguments): Readonly<Record<string, unknown>>;
}

export const plainPayload: StepPayload = {
  versioned: (ctx, instance, _args, fault) => instanceActionPayload(ctx, instance, fault),
  legacy: () => ({}),
};

const rescue: StepPayload = {
  versioned: (ctx, instance, args, fault) =>
    instanceRescuePayload(ctx, instance, (args as RescueArguments | undefined)?.rescue_image_ref ?? null, fault),
  legacy: (instance, args) => ({
    rescue_image_name: (args as RescueArguments | undefined)?.image?.name ?? instance.system_metadata['image_name'] ?? '',
  }),
};

/** By the name of the event: what is not plain. */
export const STEP_PAYLOADS: Readonly<Record<string, StepPayload>> = { rescue };
