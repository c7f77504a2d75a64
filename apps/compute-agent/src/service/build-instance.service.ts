import type { BuildAndRunInstance, Instance, InstanceUpdates, TaskState } from '@kilonova/compute-objects';
import { messages, PowerState } from '@kilonova/compute-objects';
import { type Logger, logFields } from '@kilonova/observability';
import type { PlacementClient } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import { actionEvent } from '../model/action-event.js';
import { Interrupted, interruption, Overtaken } from '../model/build-errors.js';
import { buildFault } from '../model/build-fault.js';
import type { CellConductor } from './cell-conductor.client.js';
import type { InstanceLocks } from './instance-locks.js';
import type { ManagedHost } from './managed-host.js';
import { Told } from './told.js';

const EVENT = 'compute__do_build_and_run_instance';

/**
 * Builds one instance on one host. Every state is stored through the cell conductor before the next step; told twice,
 * the build goes on where it was interrupted or finds itself done.
 */
export class BuildInstance {
  readonly #aborts = new Map<string, AbortController>();

  constructor(
    private readonly conductor: CellConductor,
    private readonly placement: PlacementClient,
    private readonly locks: InstanceLocks,
    private readonly log: Pick<Logger, 'info' | 'warn'>,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Stops the spawn of an instance that is to be deleted. */
  abort(instanceUuid: string): void {
    this.#aborts.get(instanceUuid)?.abort(new Overtaken('the instance is being deleted'));
  }

  run(ctx: Ctx, host: ManagedHost, args: BuildAndRunInstance): Promise<void> {
    return this.locks.run(args.instance_uuid, () => this.#begin(ctx, host, args));
  }

  async #begin(ctx: Ctx, host: ManagedHost, args: BuildAndRunInstance): Promise<void> {
    const begun = await this.conductor.call(ctx, messages.beginBuild, {
      host: host.host,
      node: args.selection.nodename,
      instance_uuid: args.instance_uuid,
      compute_node_uuid: args.selection.compute_node_uuid,
      build_attempt: args.build_attempt,
      group: args.request_spec.instance_group,
    });
    switch (begun.outcome) {
      case 'stale':
        return;
      case 'done':
        return this.#end(ctx, host, begun.instance);
      case 'group-violated':
        return this.#giveUp(ctx, host, begun.instance, begun.message);
      case 'begin':
        return this.#build(ctx, host, begun.instance, args);
    }
  }

  async #build(ctx: Ctx, host: ManagedHost, instance: Instance, args: BuildAndRunInstance): Promise<void> {
    const abort = new AbortController();
    this.#aborts.set(instance.uuid, abort);
    host.instances.set(instance.uuid, instance);
    const told = new Told([
      host.notifier.update(ctx, instance, { oldVmState: 'building', oldTaskState: 'scheduling' }),
      host.notifier.create(ctx, instance, 'start'),
      this.conductor.call(ctx, messages.startActionEvent, actionEvent(ctx, host.host, instance, EVENT)),
    ]);
    let active: Instance;
    try {
      active = await this.#spawn(ctx, host, instance, args, abort.signal, told);
    } catch (error) {
      await told.all();
      return await this.#failed(ctx, host, instance, args, error);
    } finally {
      this.#aborts.delete(instance.uuid);
    }
    host.failedBuilds = 0;
    await Promise.all([told.all(), this.#end(ctx, host, active)]);
  }

  /** Tells of a machine that runs. Whatever fails here is told again; the machine stays. */
  async #end(ctx: Ctx, host: ManagedHost, active: Instance): Promise<void> {
    await Promise.all([
      host.notifier.create(ctx, active, 'end'),
      this.conductor.call(ctx, messages.finishActionEvent, { ...actionEvent(ctx, host.host, active, EVENT), result: 'Success' }),
    ]);
  }

  /** Walks the states up to active; each is stored, then told. */
  async #spawn(
    ctx: Ctx,
    host: ManagedHost,
    instance: Instance,
    args: BuildAndRunInstance,
    signal: AbortSignal,
    told: Told,
  ): Promise<Instance> {
    let current = instance;
    for (const task of ['networking', 'block_device_mapping', 'spawning'] as const) {
      current = await this.#save(ctx, host, current, { task_state: task }, told);
    }
    await host.driver.spawn({ instance: current, image: args.image, admin_password: args.admin_password }, signal);
    const updates: InstanceUpdates = {
      vm_state: 'active',
      task_state: null,
      power_state: PowerState.RUNNING,
      launched_at: this.now().toISOString(),
      root_device_name: current.root_device_name ?? '/dev/vda',
    };
    return this.#save(ctx, host, current, updates, told);
  }

  async #save(ctx: Ctx, host: ManagedHost, instance: Instance, updates: InstanceUpdates, told: Told): Promise<Instance> {
    const expected: ReadonlyArray<TaskState | null> = [instance.task_state];
    const change = {
      host: host.host,
      instance_uuid: instance.uuid,
      updates,
      expected_task_states: expected,
      expected_vm_states: ['building'],
    } as const;
    const result = await this.conductor.call(ctx, messages.updateInstance, change).catch(interruption);
    if (result.outcome === 'stale')
      throw new Overtaken(`the instance is ${result.vm_state ?? 'gone'}/${result.task_state ?? 'idle'}`);
    host.instances.set(instance.uuid, result.instance);
    told.add(
      host.notifier.update(ctx, result.instance, { oldVmState: result.old_vm_state, oldTaskState: result.old_task_state }),
    );
    return result.instance;
  }

  /**
   * Cleans the host up; what was not overtaken goes back to the cell conductor, which has the alternates tried.
   * @throws what an interruption was caused by: the message comes again, and finds whatever is here already.
   */
  async #failed(ctx: Ctx, host: ManagedHost, instance: Instance, args: BuildAndRunInstance, error: unknown): Promise<void> {
    if (error instanceof Interrupted) throw error.cause;
    const fields = { ...logFields(ctx), instance: instance.uuid, host: host.host, attempt: args.build_attempt };
    await host.driver.destroy(instance.uuid);
    host.instances.delete(instance.uuid);
    if (error instanceof Overtaken) return this.log.info(fields, `the build was overtaken: ${error.message}`);
    this.log.warn({ ...fields, err: error }, 'the build failed on this host and is handed back');
    host.failedBuilds += 1;
    const fault = buildFault(error, host.host, this.now());
    const { selection: _selection, ...rest } = args;
    await Promise.all([
      host.notifier.create(ctx, instance, 'error', fault),
      this.conductor.call(ctx, messages.finishActionEvent, {
        ...actionEvent(ctx, host.host, instance, EVENT),
        result: 'Error',
        details: fault.message,
        traceback: fault.details,
      }),
    ]);
    await this.conductor.retryElsewhere(ctx, { ...rest, failed_host: host.host, reason: fault }, retryMessageId(args));
  }

  /** Ends the build for good: frees the claim, then ERROR. In this order, so that an interruption leaves no orphan. */
  async #giveUp(ctx: Ctx, host: ManagedHost, instance: Instance, message: string): Promise<void> {
    const fault = buildFault(new Error(message), host.host, this.now());
    await this.placement.release(ctx, instance.uuid);
    await this.conductor.call(ctx, messages.updateInstance, {
      host: host.host,
      instance_uuid: instance.uuid,
      updates: { vm_state: 'error', task_state: null, host: null, node: null },
      fault,
    });
    await host.notifier.create(ctx, instance, 'error', fault);
  }
}

/** The same failed attempt always hands back under the same id, however often it is repeated. */
const retryMessageId = (args: BuildAndRunInstance): string => `${args.instance_uuid}:retry:${args.build_attempt}`;
