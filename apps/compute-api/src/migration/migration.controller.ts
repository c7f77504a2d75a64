import type { MigrationFilter, MigrationRow } from '@kilonova/cell-db';
import { type ApiReply, type ApiRequest, boolFromString, nextLink, ok, pageLimits } from '@kilonova/http';
import { invalid, isUuid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { Since } from '../common/model/microversion.js';
import { ComputeSettings } from '../common/settings.js';
import { MigrationService } from './migration.service.js';
import { migrationView } from './migration.view.js';

/** Before pages were known all is told at once; this many at most. */
const UNPAGED_LIMIT = 100_000;
const NOWHERE = '00000000-0000-0000-0000-000000000000';
const RULE = 'os_compute_api:os-migrations:index';

/** Moves of servers: of all projects for administrators, else of one's own. */
@Injectable()
export class MigrationController {
  constructor(
    private readonly migrations: MigrationService,
    private readonly settings: ComputeSettings,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const filter = filterOf(request);
    if (request.version < Since.migrationPaging) {
      const found = await this.migrations.list(filter, UNPAGED_LIMIT);
      return ok({ migrations: found.map((row) => migrationView(request, row)) });
    }
    const { limit, marker } = pageLimits(request.query, this.settings.api.maxLimit);
    const after = marker === undefined ? undefined : await this.#marked(marker, filter);
    if (marker !== undefined && after === undefined)
      throw invalid('compute.migration.marker', `Marker ${marker} could not be found.`);
    const found = await this.migrations.list({ ...filter, ...(after === undefined ? {} : { after }) }, limit);
    const last = found.at(-1);
    return ok({
      migrations: found.map((row) => migrationView(request, row)),
      ...(last !== undefined && found.length === limit ? { migrations_links: [nextLink(request, last.uuid)] } : {}),
    });
  }

  /** Another project's is none to whoever lists one project. */
  async #marked(marker: string, { project_id }: MigrationFilter): Promise<MigrationRow | undefined> {
    const found = isUuid(marker) ? await this.migrations.find(marker) : undefined;
    return project_id === undefined || found?.project_id === project_id ? found : undefined;
  }
}

const TEXT_FILTERS = ['host', 'source_compute', 'status', 'migration_type'] as const;

/** What would tell by its results which hosts a server was on. */
const HOST_FILTERS = ['host', 'source_compute'] as const;

/** @throws AppError 400; 403 for filters by what the caller may not see */
function filterOf(request: ApiRequest): MigrationFilter {
  const { query } = request;
  if (HOST_FILTERS.some((name) => query.has(name))) request.authorize(`${RULE}:host`);
  const texts = Object.fromEntries(TEXT_FILTERS.flatMap((name) => (query.has(name) ? [[name, query.get(name) as string]] : [])));
  const hidden = boolFromString(query.get('hidden') ?? 'false') ?? false;
  const instance = query.get('instance_uuid');
  return {
    ...texts,
    hidden,
    ...(instance === null ? {} : { instance_uuid: isUuid(instance) ? instance : NOWHERE }),
    ...changedBetween(request),
    ...(query.has('user_id') && request.version >= Since.migrationOwners ? { user_id: query.get('user_id') as string } : {}),
    ...projectOf(request),
  };
}

/** @throws AppError 400 for a span that ends before it begins */
function changedBetween({ query, version }: ApiRequest): Pick<MigrationFilter, 'since' | 'before'> {
  const time = (name: string, from: number): Date | undefined =>
    query.has(name) && version >= from ? new Date(query.get(name) as string) : undefined;
  const since = time('changes-since', Since.migrationPaging);
  const before = time('changes-before', Since.changesBefore);
  if (since !== undefined && before !== undefined && since > before) {
    throw invalid(
      'compute.migration.changes_invalid',
      'The value of changes-since must be less than or equal to changes-before.',
    );
  }
  return { ...(since === undefined ? {} : { since }), ...(before === undefined ? {} : { before }) };
}

/** Another project's moves, and those of all, are for whom the policy names. @throws AppError 403 */
function projectOf(request: ApiRequest): Pick<MigrationFilter, 'project_id'> {
  const asked = request.version >= Since.migrationOwners ? request.query.get('project_id') : null;
  const own = request.principal.projectId ?? '';
  if (asked !== null) {
    if (asked !== own) request.authorize(`${RULE}:all_projects`);
    return { project_id: asked };
  }
  return request.allows(`${RULE}:all_projects`) ? {} : { project_id: own };
}
