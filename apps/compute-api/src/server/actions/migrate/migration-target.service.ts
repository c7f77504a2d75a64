import type { Instance } from '@kilonova/compute-objects';
import { invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { HostDirectory } from '../../../host-directory/host-directory.service.js';

/** Hosts that administrators name for servers that are to move. Whether they fit is the scheduler's business. */
@Injectable()
export class MigrationTarget {
  constructor(private readonly directory: HostDirectory) {}

  /** @throws AppError 400 for a host that nobody knows, and for the one that the server is on */
  async check(host: string, { host: present }: Pick<Instance, 'host'>): Promise<void> {
    if (host === present) throw invalid('compute.migrate.same_host', 'Cannot migrate to the host where the server exists.');
    const nodes = await this.directory.nodes();
    if (!nodes.some(({ node }) => node.host === host))
      throw invalid('compute.migrate.host_not_found', `Compute host ${host} could not be found.`);
  }
}
