import type { ApiReply, ApiRequest } from '@kilonova/http';
import { AppError, invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';

/** The proxy to bare metal nodes of old: there is no such service, and changes were never passed on. */
@Injectable()
export class BareMetalController {
  /** Source: what Nova answers without a bare metal service. */
  list(_request: ApiRequest): ApiReply {
    throw new AppError({
      kind: 'not-implemented',
      code: 'compute.bare_metal.unsupported',
      message: 'The requested functionality is not supported.',
    });
  }

  create(_request: ApiRequest): ApiReply {
    throw refused('node-create');
  }

  remove(_request: ApiRequest): ApiReply {
    throw refused('node-delete');
  }

  addInterface(_request: ApiRequest): ApiReply {
    throw refused('port-create');
  }

  removeInterface(_request: ApiRequest): ApiReply {
    throw refused('port-delete');
  }
}

/** @param command of the other service's own client, which does it */
const refused = (command: string): AppError =>
  invalid('compute.bare_metal.refused', `Command Not supported. Please use Ironic command ${command} to perform this action.`);
