import { messages, type RequestSpec, type SelectDestinationsResult, type TryOperation } from '@kilonova/compute-objects';
import type { MessageBus } from '@kilonova/messaging';
import type { Ctx } from '@kilonova/util';
import { inTime } from '../../common/in-time.js';

/** Who knows which hosts servers would get: conductor and scheduler. Nothing is claimed or stored. */
export abstract class HostTrials {
  /** Hosts for all of the new servers, or none. @throws AppError `dependency` when nobody answers in time */
  abstract boot(ctx: Ctx, spec: RequestSpec, instanceUuids: readonly string[]): Promise<SelectDestinationsResult>;
  /** A host for a server that is to move; null: it is in no cell. @throws AppError `dependency` when nobody answers in time */
  abstract operation(ctx: Ctx, wish: TryOperation): Promise<SelectDestinationsResult | null>;
}

const CONDUCTOR = { topic: 'conductor' } as const;
const SILENCE = {
  code: 'compute.trial.silent',
  message: 'The services that place servers do not answer; try again later.',
};

/** The conductor, over the API level's bus. */
export class ConductorTrials extends HostTrials {
  constructor(
    private readonly bus: MessageBus,
    private readonly timeoutMs: number,
  ) {
    super();
  }

  boot(ctx: Ctx, spec: RequestSpec, instanceUuids: readonly string[]): Promise<SelectDestinationsResult> {
    const args = { request_spec: spec, instance_uuids: instanceUuids };
    return inTime(this.bus.call(ctx, messages.tryBoot, CONDUCTOR, args, { timeoutMs: this.timeoutMs }), SILENCE);
  }

  operation(ctx: Ctx, wish: TryOperation): Promise<SelectDestinationsResult | null> {
    return inTime(this.bus.call(ctx, messages.tryOperation, CONDUCTOR, wish, { timeoutMs: this.timeoutMs }), SILENCE);
  }
}
