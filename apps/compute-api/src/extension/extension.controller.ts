import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { EXTENSIONS, type Extension } from './model/extensions.js';

/** When the list was frozen; the namespace stands for none. */
const UPDATED = '2014-12-03T00:00:00Z';
const NAMESPACE = 'http://docs.openstack.org/compute/ext/fake_xml';

/** Names of what once were extensions: clients of the first versions ask for them before they use a part of the API. */
@Injectable()
export class ExtensionController {
  index(_request: ApiRequest): ApiReply {
    return ok({ extensions: EXTENSIONS.map(view) });
  }

  show(request: ApiRequest): ApiReply {
    const alias = request.params['id'];
    const found = EXTENSIONS.find((extension) => extension[0] === alias);
    if (found === undefined) throw notFound('compute.extension.not_found', 'The resource could not be found.');
    return ok({ extension: view(found) });
  }
}

const view = ([alias, name, description]: Extension): Record<string, unknown> => ({
  alias,
  description,
  links: [],
  name,
  namespace: NAMESPACE,
  updated: UPDATED,
});
