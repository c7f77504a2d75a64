import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { AppError, invalid, isUuidLike, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';

/** Security groups and their rules, of old passed on to the network service, which this cloud does not have. */
@Injectable()
export class SecurityGroupController {
  index(): ApiReply {
    return ok({ security_groups: [] });
  }

  create(): ApiReply {
    throw new AppError({
      kind: 'not-implemented',
      code: 'compute.network.unsupported',
      message: 'This cloud has no network service.',
    });
  }

  /** Shown, changed or deleted. */
  notFound(request: ApiRequest): ApiReply {
    const id = request.params['id'] as string;
    if (!isUuidLike(id)) throw invalid('compute.security_group.id_invalid', 'Security group id should be uuid');
    throw groupNotFound(id);
  }

  /** The rule's group cannot be found. */
  createRule(request: ApiRequest<{ readonly security_group_rule: { readonly parent_group_id: string } }>): ApiReply {
    throw groupNotFound(request.body.security_group_rule.parent_group_id);
  }
}

const groupNotFound = (id: string): AppError => notFound('compute.security_group.not_found', `Security group ${id} not found.`);
