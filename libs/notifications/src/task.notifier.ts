import type { RequestSpec, ServiceInfo, VmState } from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';
import type { NotificationEmitter } from './emitter.js';
import { legacyRequestSpec } from './legacy/request-spec.payload.js';
import { computeTaskPayload, type ExceptionFacts, requestSpecPayload, serviceStatusPayload } from './versioned/index.js';

/** `compute_task.<method>.error`: a workflow of the conductor ended before it reached a host. */
export const computeTaskError = (
  emitter: NotificationEmitter,
  ctx: Ctx,
  host: string,
  task: {
    readonly method: string;
    readonly instanceUuid: string;
    readonly spec: RequestSpec;
    readonly state: VmState;
    readonly reason: ExceptionFacts;
  },
): Promise<void> =>
  emitter.emit(ctx, {
    publisher: { service: 'compute_task', host },
    priority: 'ERROR',
    versioned: {
      eventType: `compute_task.${task.method}.error`,
      payload: () => computeTaskPayload(task.instanceUuid, task.spec, task.state, task.reason),
    },
    legacy: {
      eventType: `compute_task.${task.method}`,
      payload: () => {
        const request_spec = legacyRequestSpec(task.spec);
        return {
          request_spec,
          instance_properties: request_spec['instance_properties'],
          instance_id: task.instanceUuid,
          state: task.state,
          method: task.method,
          reason: task.reason.message,
        };
      },
    },
  });

/** `scheduler.select_destinations.start|end`. */
export const selectDestinations = (
  emitter: NotificationEmitter,
  ctx: Ctx,
  host: string,
  phase: 'start' | 'end',
  spec: RequestSpec,
): Promise<void> =>
  emitter.emit(ctx, {
    publisher: { service: 'scheduler', host },
    versioned: { eventType: `scheduler.select_destinations.${phase}`, payload: () => requestSpecPayload(spec) },
    legacy: { eventType: `scheduler.select_destinations.${phase}`, payload: () => ({ request_spec: legacyRequestSpec(spec) }) },
  });

/** `service.create|update|delete`; has no unversioned twin. */
export const serviceChanged = (
  emitter: NotificationEmitter,
  ctx: Ctx,
  verb: 'create' | 'update' | 'delete',
  service: ServiceInfo,
): Promise<void> =>
  emitter.emit(ctx, {
    publisher: { service: publisherOf(service.binary), host: service.host },
    versioned: { eventType: `service.${verb}`, payload: () => serviceStatusPayload(service) },
  });

const publisherOf = (binary: string): 'compute' | 'conductor' | 'scheduler' => {
  if (binary === 'nova-conductor') return 'conductor';
  return binary === 'nova-scheduler' ? 'scheduler' : 'compute';
};
