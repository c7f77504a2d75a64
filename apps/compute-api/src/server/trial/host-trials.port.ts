import { messages, type RequestSpec, type SelectDestinationsResult, type TryOperation } from '@kilonova/compute-objects';
import type { MessageBus } from '@kilonova/messaging';
import { AppError, type Ctx } from '@kilonova/util';

/** Who knows which hosts servers would get: conductor and scheduler. Nothing is claimed or stored. */
export abstract class HostTrials {
  /** Hosts for all of the new servers, or none. @throws AppError `dependency` when nobody answers in time */
  abstract boot(ctx: Ctx, spec: RequestSpec, instanceUuids: readonly string[]): Promise<SelectDestinationsResult>;
  /** A host for a server that is to move; null: it is in no cell. @throws AppError `dependency` when nobody answers in time */
  abstract operation(ctx: Ctx, wish: TryOperation): Promise<SelectDestinationsResult | null>;
}

const CONDUCTOR = { topic: 'conductor' } as const;

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
    return answered(this.bus.call(ctx, messages.tryBoot, CONDUCTOR, args, { timeoutMs: this.timeoutMs }));
  }

  operation(ctx: Ctx, wish: TryOperation): Promise<SelectDestinationsResult | null> {
    return answered(this.bus.call(ctx, messages.tryOperation, CONDUCTOR, wish, { timeoutMs: this.timeoutMs }));
  }
}

const answered = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch((error: unknown) => {
    const { kind } = AppError.from(error);
    throw kind === 'dependency' || kind === 'deadline' ? silent(error) : error;
  });

const silent = (cause: unknown): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'compute.trial.silent',
    message: 'The services that place servers do not answer; try again later.',
    cause,
  });
