import type { ApiReply, ApiRequest } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { versionDocument } from './version.view.js';
import { MAX_VERSION, MIN_VERSION } from './version-span.js';

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
    return { status: 200, body: { version: versionDocument(request.baseUrl, 'v2.1', MAX_VERSION, MIN_VERSION) } };
  }

  v2(request: ApiRequest): ApiReply {
    return { status: 200, body: { version: versionDocument(request.baseUrl, 'v2.0', '', '') } };
  }
}
