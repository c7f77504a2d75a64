import type { ApiRequest } from '@kilonova/http';
import type { ListPart } from '@kilonova/volume-client';

/** The part of a list that is asked for; none is longer than `maxLimit`. */
export function listPart({ query }: Pick<ApiRequest, 'query'>, maxLimit: number): ListPart {
  const limit = Number(query.get('limit') ?? 0);
  return { limit: Math.min(limit === 0 ? maxLimit : limit, maxLimit), offset: Number(query.get('offset') ?? 0) };
}
