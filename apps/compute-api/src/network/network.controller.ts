import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';

/** What up to 2.35 was passed on to the network service. This cloud has none: there is nothing to list or to be found. */
@Injectable()
export class NetworkController {
  index(): ApiReply {
    return ok({ networks: [] });
  }

  show(request: ApiRequest): ApiReply {
    throw notFound('compute.network.not_found', `Network ${request.params['id']} could not be found.`);
  }
}
