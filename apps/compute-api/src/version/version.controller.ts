import type { ApiReply, ApiRequest } from '@kilonova/http';
import { notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { versionDocument } from './version.view.js';
import { EXTENSIONS, MAX_VERSION, MIN_VERSION } from './version-span.js';

/** What versions there are, to anybody. */
@Injectable()
export class VersionController {
  list(request: ApiRequest): ApiReply {
    const documents = [
      versionDocument(request.baseUrl, 'v2.0', '', ''),
      versionDocument(request.baseUrl, 'v2.1', MAX_VERSION, MIN_VERSION),
    ];
    return {
      status: 200,
      body: { versions: documents.map(({ 'media-types': _left, ...brief }) => ({ ...brief, links: brief.links.slice(0, 1) })) },
    };
  }

  v21(request: ApiRequest): ApiReply {
    return {
      status: 200,
      body: { version: { ...versionDocument(request.baseUrl, 'v2.1', MAX_VERSION, MIN_VERSION), ...own(request) } },
    };
  }

  /** The same below the version's own root, by its id; clients without microversions see the older one whatever they ask for. */
  show(request: ApiRequest): ApiReply {
    const id = request.params['id'];
    if (request.url.startsWith('/v2/')) return this.v2(request);
    if (id === 'v2.0') return this.v2(request);
    if (id === 'v2.1') return this.v21(request);
    throw notFound('compute.version.not_found', 'The resource could not be found.');
  }

  v2(request: ApiRequest): ApiReply {
    return { status: 200, body: { version: versionDocument(request.baseUrl, 'v2.0', '', '') } };
  }
}

/** What versions Kilonova's extensions have, to who asks for any of them: to others the document is as it is published. */
const own = ({ extension }: ApiRequest) =>
  extension === undefined ? {} : { kilonova: { version: EXTENSIONS.max, min_version: EXTENSIONS.min } };
