import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { Injectable } from '@nestjs/common';

const version = (baseUrl: string): Record<string, unknown> => ({
  id: 'v3.14',
  status: 'stable',
  updated: '2020-04-07T00:00:00Z',
  links: [{ rel: 'self', href: `${baseUrl}/v3/` }],
  'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
});

/** Version documents; no token needed. */
@Injectable()
export class VersionController {
  /** `GET /` */
  list({ baseUrl }: ApiRequest): ApiReply {
    return { status: 300, body: { versions: { values: [version(baseUrl)] } }, headers: { location: `${baseUrl}/v3/` } };
  }

  /** `GET /v3` */
  show({ baseUrl }: ApiRequest): ApiReply {
    return ok({ version: version(baseUrl) });
  }
}
