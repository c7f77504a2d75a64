import type { RequestSpec } from '@kilonova/compute-objects';
import { bookmark, type LinkBase } from '../../common/links.js';
import { Since } from '../../common/model/microversion.js';
import { utcSeconds } from '../../common/time.js';
import { flavorInServer } from './flavor-in-server.view.js';
import { type ServerViewContext, serverLinks } from './server.view.js';

/** All that is known of a server whose cell does not answer. Source: microversion 2.69. */
export interface PartialServer {
  readonly uuid: string;
  readonly project_id: string;
  readonly created_at: string | Date;
  readonly spec: RequestSpec | null;
}

type Fields = Record<string, unknown>;

export const partialBrief = (server: PartialServer, base: LinkBase): Fields => ({
  id: server.uuid,
  status: 'UNKNOWN',
  links: serverLinks(base, server.uuid),
});

export const partialDetail = (server: PartialServer, base: LinkBase): Fields => ({
  id: server.uuid,
  status: 'UNKNOWN',
  tenant_id: server.project_id,
  created: utcSeconds(server.created_at),
  links: serverLinks(base, server.uuid),
});

/** Show says what the request said. */
export function partialShow(
  server: PartialServer,
  groups: readonly string[],
  { version, base, extraSpecs }: Pick<ServerViewContext, 'version' | 'base' | 'extraSpecs'>,
): Fields {
  const { spec } = server;
  if (spec === null) return partialDetail(server, base);
  const image = spec.is_bfv ? null : (spec.image?.id ?? null);
  return {
    ...partialDetail(server, base),
    user_id: spec.user_id,
    flavor: flavorInServer(spec.flavor, version, base, extraSpecs),
    image: image === null ? '' : { id: image, links: [bookmark(base, 'images', image)] },
    'OS-EXT-AZ:availability_zone': spec.availability_zone ?? 'UNKNOWN',
    'OS-EXT-STS:power_state': 0,
    ...(version >= Since.groupsOfServer ? { server_groups: groups } : {}),
  };
}
