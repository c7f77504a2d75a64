import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { missing } from '../model/errors.js';
import { listBody } from './list.js';

/** Groups are not offered: there are none, which clients can be told in their own terms. */
@Injectable()
export class GroupController {
  list(request: ApiRequest): ApiReply {
    return ok(listBody(request, 'groups', []));
  }

  show(request: ApiRequest): ApiReply {
    throw missing('group', request.params['id'] as string);
  }
}
