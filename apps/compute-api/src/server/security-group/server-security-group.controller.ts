import { type ApiReply, type ApiRequest, accepted, ok } from '@kilonova/http';
import { NetworkService } from '@kilonova/network-client';
import { Injectable } from '@nestjs/common';
import { securityGroupView } from '../../security-group/security-group.view.js';
import { requesterOf } from '../block-device/requester.js';
import { serverId } from '../core/server-id.js';
import { ServerLocator } from '../core/server-locator.service.js';
import { ChangeGroups } from './change-groups.service.js';

interface Named {
  readonly name: string;
}

/** Security groups of a server: those of its ports. */
@Injectable()
export class ServerSecurityGroupController {
  constructor(
    private readonly locator: ServerLocator,
    private readonly networks: NetworkService,
    private readonly changeGroups: ChangeGroups,
  ) {}

  /** Those that the caller may see. */
  async index(request: ApiRequest): Promise<ApiReply> {
    const { entry } = await this.locator.locate(request, serverId(request));
    const ports = await this.networks.portsOf(request.ctx, entry.uuid);
    const ids = new Set(ports.flatMap(({ securityGroups }) => securityGroups));
    const all = ids.size === 0 ? [] : await this.networks.securityGroups.list(request.ctx, requesterOf(request));
    return ok({ security_groups: all.filter(({ id }) => ids.has(id)).map((group) => securityGroupView(group, all)) });
  }

  async add(request: ApiRequest<{ readonly addSecurityGroup: Named }>): Promise<ApiReply> {
    await this.changeGroups.add(request, request.body.addSecurityGroup.name);
    return accepted();
  }

  async remove(request: ApiRequest<{ readonly removeSecurityGroup: Named }>): Promise<ApiReply> {
    await this.changeGroups.remove(request, request.body.removeSecurityGroup.name);
    return accepted();
  }
}
