import {
  type SelectDestinations as Args,
  messages,
  type SelectDestinationsResult,
  type TryDestinations,
} from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import { NotificationEmitter, selectDestinations } from '@kilonova/notifications';
import { type Logger, logFields } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { summarizeRefusals } from '../model/summarize-verdicts.js';
import { HOST_NAME } from '../tokens.js';
import { SelectDestinations } from './select-destinations.service.js';

/** `select_destinations`: tells of the request, and why hosts were refused when none was left. `try_destinations`: tells nobody. */
@Controller()
export class SelectDestinationsHandler {
  constructor(
    private readonly select: SelectDestinations,
    private readonly emitter: NotificationEmitter,
    @Inject(HOST_NAME) private readonly host: string,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Handles(messages.selectDestinations)
  async selectDestinations(@Payload() args: Args, @Ctx() rpc: RpcContext): Promise<SelectDestinationsResult> {
    const { ctx } = rpc.delivery;
    const spec = args.request_spec;
    const started = selectDestinations(this.emitter, ctx, this.host, 'start', spec);
    const result = await this.select.run(ctx, args);
    if (result.outcome === 'selected') void started.then(() => selectDestinations(this.emitter, ctx, this.host, 'end', spec));
    else
      this.logger.info(
        {
          ...logFields(ctx),
          instances: args.instance_uuids,
          reason: result.reason,
          refused: summarizeRefusals(result.trace?.refused ?? []),
        },
        'no valid host',
      );
    return result;
  }

  @Handles(messages.tryDestinations)
  tryDestinations(@Payload() args: TryDestinations, @Ctx() rpc: RpcContext): Promise<SelectDestinationsResult> {
    return this.select.attempt(rpc.delivery.ctx, args);
  }
}
