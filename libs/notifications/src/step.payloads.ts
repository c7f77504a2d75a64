import type {
  Flavor,
  Instance,
  InstanceFault,
  OperationSubject,
  PlacedArguments,
  RescueArguments,
  StepArguments,
  StepName,
} from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';
import { legacyAddresses } from './legacy/instance.payload.js';
import {
  type ExceptionFacts,
  instanceActionPayload,
  instanceRebuildPayload,
  instanceRescuePayload,
  instanceResizePrepPayload,
  instanceSnapshotPayload,
  instanceVolumePayload,
  type VersionedObject,
} from './versioned/index.js';

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
  legacy(instance: Instance, args: Arguments, phase: string): Readonly<Record<string, unknown>>;
  /** What the unversioned family calls the event of a phase, behind `compute.instance.`; undefined: it does not know it. */
  legacyName?(phase: string): string | undefined;
}

export const plainPayload: StepPayload = {
  versioned: (ctx, instance, _args, fault) => instanceActionPayload(ctx, instance, fault),
  legacy: () => ({}),
};

const rescue: StepPayload = {
  versioned: (ctx, instance, args, fault) =>
    instanceRescuePayload(ctx, instance, (args as RescueArguments | undefined)?.rescue_image_ref ?? null, fault),
  legacy: (instance, args) => ({
    ...legacyAddresses(instance),
    rescue_image_name: (args as RescueArguments | undefined)?.image?.name ?? instance.system_metadata['image_name'] ?? '',
  }),
};

const subjectOf = (args: Arguments): OperationSubject =>
  (args as { readonly subject?: OperationSubject } | undefined)?.subject ?? {};

/** @param legacyEnd the one event of the unversioned family, at the end */
const volumePayload = (legacyEnd: string | undefined): StepPayload => ({
  versioned: (ctx, instance, args, fault) => instanceVolumePayload(ctx, instance, subjectOf(args), fault),
  legacy: (_instance, args) => ({ volume_id: subjectOf(args).volume_id }),
  legacyName: (phase) => (phase === 'end' ? legacyEnd : undefined),
});

/** Plain, and unknown to the unversioned family. */
const versionedOnly: StepPayload = { ...plainPayload, legacyName: () => undefined };

const rebuild: StepPayload = {
  versioned: (ctx, instance, _args, fault) => instanceRebuildPayload(ctx, instance, fault),
  legacy: (instance, _args, phase) => ({
    image_name: instance.system_metadata['image_name'] ?? '',
    ...(phase === 'end' ? legacyAddresses(instance) : {}),
  }),
};

const snapshot: StepPayload = {
  versioned: (ctx, instance, args, fault) => instanceSnapshotPayload(ctx, instance, subjectOf(args).image_id ?? null, fault),
  legacy: () => ({}),
};

/** What the unversioned family calls the steps of a resize. */
const renamed = (legacy: string, payload: StepPayload = plainPayload): StepPayload => ({
  ...payload,
  legacyName: (phase) => `${legacy}.${phase}`,
});

/** An event without phases, and what the unversioned family calls it. */
const single = (legacy: string, payload: StepPayload = plainPayload): StepPayload => ({ ...payload, legacyName: () => legacy });

/** Plain but for the addresses, which the unversioned family tells in these phases. */
const addressed = (...phases: readonly string[]): StepPayload => ({
  ...plainPayload,
  legacy: (instance, _args, phase) => (phases.includes(phase) ? legacyAddresses(instance) : {}),
});

/** The flavor that a server is to have; a migration keeps it. */
const wantedFlavor = (instance: Instance, args: Arguments): Flavor =>
  (args as Partial<PlacedArguments> | undefined)?.flavor ?? instance.flavor;

const resizePrep: StepPayload = {
  versioned: (ctx, instance, args, fault) => instanceResizePrepPayload(ctx, instance, wantedFlavor(instance, args), fault),
  legacy: (instance, args, phase) => {
    const { name: new_instance_type, id: new_instance_type_id } = wantedFlavor(instance, args);
    return phase === 'end' ? { new_instance_type, new_instance_type_id } : {};
  },
};

/** By the name of the event: what is not plain. */
export const STEP_PAYLOADS: Readonly<Record<string, StepPayload>> = {
  evacuate: single('evacuate'),
  rebuild,
  rebuild_scheduled: single('rebuild.scheduled', { ...rebuild, legacy: () => ({}) }),
  rescue,
  unrescue: addressed('start', 'end'),
  resize: addressed('start', 'end'),
  resize_prep: renamed('resize.prep', resizePrep),
  resize_finish: renamed('finish_resize', addressed('start', 'end')),
  resize_confirm: renamed('resize.confirm', addressed('end')),
  resize_revert: renamed('resize.revert'),
  live_migration_pre: renamed('live_migration.pre', addressed('start', 'end')),
  live_migration_post: renamed('live_migration._post', addressed('start', 'end')),
  live_migration_post_dest: renamed('live_migration.post.dest', addressed('start', 'end')),
  live_migration_rollback: renamed('live_migration._rollback'),
  live_migration_rollback_dest: renamed('live_migration.rollback.dest', addressed('start', 'end')),
  live_migration_abort: renamed('live.migration.abort'),
  live_migration_force_complete: renamed('live.migration.force.complete'),
  snapshot,
  interface_attach: versionedOnly,
  interface_detach: versionedOnly,
  volume_attach: volumePayload('volume.attach'),
  volume_detach: volumePayload('volume.detach'),
  volume_swap: volumePayload(undefined),
};
