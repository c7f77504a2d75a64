import type { Instance, InstanceFault } from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';
import type { NotificationEmitter, Publisher } from './emitter.js';
import {
  legacyAddresses,
  legacyErrorKeys,
  legacyExistsKeys,
  legacyInstancePayload,
  legacyUpdateKeys,
} from './legacy/instance.payload.js';
import { type EventFacts, plainPayload, STEP_PAYLOADS } from './step.payloads.js';
import {
  type ExceptionFacts,
  instanceActionPayload,
  instanceCreatePayload,
  instanceExistsPayload,
  instanceUpdatePayload,
  type StateChange,
} from './versioned/index.js';

export type Phase = 'start' | 'end' | 'error';

/** A fault as the exception of an `.error` event. */
export const faultFacts = (fault: Pick<InstanceFault, 'message' | 'details'>, functionName: string): ExceptionFacts => ({
  moduleName: 'kilonova.compute',
  functionName,
  exception: 'BuildFailed',
  message: fault.message,
  traceback: fault.details,
});

/** The events of an instance's life, as one publisher sends them. */
export class InstanceNotifier {
  constructor(
    private readonly emitter: NotificationEmitter,
    private readonly publisher: Publisher,
    /** The image service's URL; part of an unversioned key. */
    private readonly imageUrl: string,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Tells what counts as the work of another host. */
  inNameOf(host: string): InstanceNotifier {
    return new InstanceNotifier(this.emitter, { ...this.publisher, host }, this.imageUrl, this.now);
  }

  /** `instance.<name>.<phase>`, with the payload that this name has. */
  event(ctx: Ctx, instance: Instance, name: string, phase: Phase, { fault, arguments: args }: EventFacts = {}): Promise<void> {
    if (name === 'create') return this.create(ctx, instance, phase, fault);
    const payload = STEP_PAYLOADS[name] ?? plainPayload;
    const facts = fault && faultFacts(fault, name);
    const extra = { ...payload.legacy(instance, args, phase), ...(fault === undefined ? {} : legacyErrorKeys(fault)) };
    const legacyName = payload.legacyName === undefined ? `${name}.${phase}` : (payload.legacyName(phase) ?? null);
    const versioned = () => payload.versioned(ctx, instance, args, facts);
    return this.#action(ctx, instance, `${name}.${phase}`, versioned, extra, legacyName);
  }

  /** `instance.create.start|end|error`. */
  create(ctx: Ctx, instance: Instance, phase: Phase, fault?: InstanceFault): Promise<void> {
    const facts = fault && faultFacts(fault, 'build_and_run_instance');
    const extra = {
      ...(phase === 'start' ? { image_name: instance.system_metadata['image_name'] ?? '' } : {}),
      ...(phase === 'end' ? { ...legacyAddresses(instance), message: 'Success' } : {}),
      ...(fault === undefined ? {} : legacyErrorKeys(fault)),
    };
    return this.#action(ctx, instance, `create.${phase}`, () => instanceCreatePayload(ctx, instance, facts), extra);
  }

  /** `instance.delete.*`, `instance.shutdown.*`, `instance.power_off.*` and the other plain actions. */
  action(ctx: Ctx, instance: Instance, action: string, phase: Phase, fault?: InstanceFault): Promise<void> {
    const facts = fault && faultFacts(fault, action);
    const extra = fault === undefined ? {} : legacyErrorKeys(fault);
    return this.#action(ctx, instance, `${action}.${phase}`, () => instanceActionPayload(ctx, instance, facts), extra);
  }

  /** `instance.exists`: the present audit period, from its beginning to now. */
  exists(ctx: Ctx, instance: Instance): Promise<void> {
    const now = this.now();
    return this.emitter.emit(ctx, {
      publisher: this.publisher,
      versioned: { eventType: 'instance.exists', payload: () => instanceExistsPayload(ctx, instance, now) },
      legacy: {
        eventType: 'compute.instance.exists',
        payload: () => ({ ...legacyInstancePayload(instance, this.imageUrl), ...legacyExistsKeys(now) }),
      },
    });
  }

  /** `instance.<name>`: something that has no start and end. */
  single(ctx: Ctx, instance: Instance, name: string): Promise<void> {
    const payload = STEP_PAYLOADS[name] ?? plainPayload;
    const legacyName = payload.legacyName?.('');
    const legacy = {
      eventType: `compute.instance.${legacyName}`,
      publisher: this.#asAgent,
      payload: () => ({ ...legacyInstancePayload(instance, this.imageUrl), ...payload.legacy(instance, undefined, '') }),
    };
    return this.emitter.emit(ctx, {
      publisher: this.publisher,
      versioned: { eventType: `instance.${name}`, payload: () => payload.versioned(ctx, instance, undefined) },
      ...(legacyName === undefined ? {} : { legacy }),
    });
  }

  /** `instance.update`: after each stored change of states or of what the user sees. */
  update(ctx: Ctx, instance: Instance, change: StateChange): Promise<void> {
    const now = this.now();
    return this.emitter.emit(ctx, {
      publisher: this.publisher,
      versioned: { eventType: 'instance.update', payload: () => instanceUpdatePayload(ctx, instance, change, now) },
      legacy: {
        eventType: 'compute.instance.update',
        payload: () => ({ ...legacyInstancePayload(instance, this.imageUrl), ...legacyUpdateKeys(instance, change, now) }),
      },
    });
  }

  /** Whoever tells of an action is an agent in the unversioned family. */
  get #asAgent(): Publisher {
    return { ...this.publisher, service: 'compute' };
  }

  #action(
    ctx: Ctx,
    instance: Instance,
    name: string,
    versioned: () => unknown,
    extra: Record<string, unknown>,
    /** Null: the unversioned family does not know it. */
    legacyName: string | null = name,
  ): Promise<void> {
    const payload = () => ({ ...legacyInstancePayload(instance, this.imageUrl), ...extra });
    return this.emitter.emit(ctx, {
      publisher: this.publisher,
      priority: name.endsWith('.error') ? 'ERROR' : 'INFO',
      versioned: { eventType: `instance.${name}`, payload: versioned },
      ...(legacyName === null
        ? {}
        : { legacy: { eventType: `compute.instance.${legacyName}`, publisher: this.#asAgent, payload } }),
    });
  }
}
