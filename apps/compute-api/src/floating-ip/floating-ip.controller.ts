import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';

/** Floating addresses and their pools, of old passed on to the network service, which this cloud does not have. */
@Injectable()
export class FloatingIpController {
  index(): ApiReply {
    return ok({ floating_ips: [] });
  }

  pools(): ApiReply {
    return ok({ floating_ip_pools: [] });
  }

  create(): ApiReply {
    throw notFound('compute.floating_ip_pool.not_found', 'Floating IP pool not found.');
  }

  /** Shown or released. */
  notFound(request: ApiRequest): ApiReply {
    throw notFound('compute.floating_ip.not_found', `Floating IP not found for ID ${request.params['id']}.`);
  }
}
