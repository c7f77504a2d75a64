import { invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { HostDirectory } from '../../host-directory/host-directory.service.js';
import type { CreateRequest } from './model/create-request.js';

/** Whether the hypervisor exists that an administrator names for a new server (2.74). */
@Injectable()
export class DestinationGuard {
  constructor(private readonly directory: HostDirectory) {}

  /** A host without a hypervisor is left to the checks of the creation. @throws AppError 400 */
  async check(destination: CreateRequest['destination']): Promise<void> {
    if (destination === null || destination.node === null) return;
    const { host, node } = destination;
    const nodes = await this.directory.nodes();
    if (nodes.some((known) => known.node.hypervisor_hostname === node && (host === null || known.node.host === host))) return;
    throw invalid('compute.server.host_not_found', `Compute host ${host ?? node} could not be found.`);
  }
}
