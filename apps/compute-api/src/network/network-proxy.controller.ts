import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { AppError, invalid, isUuidLike, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';

/**
 * What up to 2.35 was passed on to the network service. This cloud has none: there is nothing to list, nothing to be
 * found, and what would have to be made there is refused.
 */
@Injectable()
export class NetworkProxyController {
  floatingIps(): ApiReply {
    return ok({ floating_ips: [] });
  }

  floatingIpPools(): ApiReply {
    return ok({ floating_ip_pools: [] });
  }

  floatingIpNotFound(request: ApiRequest): ApiReply {
    throw notFound('compute.floating_ip.not_found', `Floating IP not found for ID ${request.params['id']}.`);
  }

  floatingIpPoolNotFound(): ApiReply {
    throw notFound('compute.floating_ip_pool.not_found', 'Floating IP pool not found.');
  }

  networks(): ApiReply {
    return ok({ networks: [] });
  }

  networkNotFound(request: ApiRequest): ApiReply {
    throw notFound('compute.network.not_found', `Network ${request.params['id']} could not be found.`);
  }

  securityGroups(): ApiReply {
    return ok({ security_groups: [] });
  }

  securityGroupNotFound(request: ApiRequest): ApiReply {
    const id = request.params['id'] as string;
    if (!isUuidLike(id)) throw invalid('compute.security_group.id_invalid', 'Security group id should be uuid');
    throw notFound('compute.security_group.not_found', `Security group ${id} not found.`);
  }

  /** The rule's group cannot be found. */
  securityGroupOfRuleNotFound(
    request: ApiRequest<{ readonly security_group_rule: { readonly parent_group_id: string } }>,
  ): ApiReply {
    throw notFound(
      'compute.security_group.not_found',
      `Security group ${request.body.security_group_rule.parent_group_id} not found.`,
    );
  }

  notSupported(): ApiReply {
    throw new AppError({
      kind: 'not-implemented',
      code: 'compute.network.unsupported',
      message: 'This cloud has no network service.',
    });
  }
}
