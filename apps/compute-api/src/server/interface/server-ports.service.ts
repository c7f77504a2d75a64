import type { Instance } from '@kilonova/compute-objects';
import { endPorts, NetworkService } from '@kilonova/network-client';
import type { Logger } from '@kilonova/observability';
import type { Ctx } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '../../common/tokens.js';

/** Ports of servers that are ended without an agent. */
@Injectable()
export class ServerPorts {
  constructor(
    private readonly networks: NetworkService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Gives them back: those that were there before the server stay. What cannot be given back now is told in the log. */
  async end(ctx: Ctx, { uuid, network_info }: Instance): Promise<void> {
    const preserved = (network_info ?? []).filter(({ preserve }) => preserve).map(({ port_id }) => port_id);
    await endPorts(ctx, this.networks, uuid, preserved, (port, err) =>
      this.log.warn({ err, instance: uuid, port }, 'a port of a server that is gone was not given back'),
    );
  }
}
