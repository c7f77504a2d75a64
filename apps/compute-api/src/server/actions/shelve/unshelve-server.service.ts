import { ApiDatabase, RequestSpecRepository } from '@kilonova/api-db';
import { type ImageMeta, type Instance, type RequestSpec, type UnshelveArguments, unplaced } from '@kilonova/compute-objects';
import { type ApiReply, type ApiRequest, ownerOf } from '@kilonova/http';
import { conflict, invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ImageCatalog } from '../../../image/image-catalog.port.js';
import { AcceptAction } from '../../core/accept-action.service.js';
import { refuseAction } from '../../core/model/refuse-action.js';
import { type ServerInCell, ServerLocator } from '../../core/server-locator.service.js';
import { TryAction } from '../../trial/try-action.service.js';
import { UnshelveGoalRepository } from './unshelve-goal.repository.js';

/** Where a server that is on no host is wanted. */
export interface UnshelveGoal {
  /** Null: in any zone from then on; left out: in the one that it is pinned to, if it is. */
  readonly zone: string | null | undefined;
  readonly host: string | undefined;
}

const TO_HOST = 'os_compute_api:os-shelve:unshelve_to_host';
/** How often a server is looked at again that changed while the request was being accepted. */
const TRIES = 5;

/** Starts a shelved server where it is, or has a host found for one that has left its own. */
@Injectable()
export class UnshelveServer {
  constructor(
    private readonly locator: ServerLocator,
    private readonly acceptAction: AcceptAction,
    private readonly database: ApiDatabase,
    private readonly specs: RequestSpecRepository,
    private readonly goals: UnshelveGoalRepository,
    private readonly images: ImageCatalog,
    private readonly tryAction: TryAction,
  ) {}

  /** @throws AppError 400 for a zone or host that is not there, 403, 404, 409 in other states, 503 when the cell is down */
  async run(request: ApiRequest<unknown>, id: string, goal: UnshelveGoal): Promise<void> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const found = await this.locator.reach(request, id);
      const isOffloaded = found.instance.vm_state === 'shelved_offloaded';
      if (goal.host !== undefined) request.authorize(TO_HOST, ownerOf(found.instance));
      refuseAction(isOffloaded ? 'unshelveOffloaded' : 'unshelve', found, request.principal);
      if (found.where !== 'cell') continue;
      if (await (isOffloaded ? this.#toHost(request, found, goal) : this.#inPlace(request, found, goal))) return;
    }
    throw conflict('compute.server.busy', `Instance ${id} is changing too fast; try again.`);
  }

  /** Where a server would go that is on no host. @throws AppError as `run`, 400 for a server that stays where it is */
  async attempt(request: ApiRequest<unknown>, id: string, goal: UnshelveGoal): Promise<ApiReply> {
    const found = await this.locator.reach(request, id);
    if (goal.host !== undefined) request.authorize(TO_HOST, ownerOf(found.instance));
    const isOffloaded = found.instance.vm_state === 'shelved_offloaded';
    refuseAction(isOffloaded ? 'unshelveOffloaded' : 'unshelve', found, request.principal);
    if (found.where !== 'cell' || !isOffloaded)
      throw invalid('compute.dry_run.no_search', `No host is looked for: instance ${id} is unshelved where it is.`);
    await this.#check(goal);
    return this.tryAction.show(request, found, 'unshelveOffloaded', await this.#arguments(request.ctx, found, goal), goal.zone);
  }

  async #inPlace({ ctx }: ApiRequest<unknown>, found: ServerInCell, { zone, host }: UnshelveGoal): Promise<boolean> {
    const { uuid, vm_state: state } = found.instance;
    if (zone !== undefined || host !== undefined)
      throw conflict(
        'compute.server.state',
        `Specifying an availability zone or a host when unshelving server "${uuid}" with status "${state}" is not supported. The server status must be SHELVED_OFFLOADED.`,
      );
    return this.acceptAction.accept(ctx, found, 'unshelve', { subject: imageOf(found.instance) });
  }

  async #toHost({ ctx }: ApiRequest<unknown>, found: ServerInCell, goal: UnshelveGoal): Promise<boolean> {
    await this.#check(goal);
    const args = await this.#arguments(ctx, found, goal);
    const before = await this.#pin(found.instance.uuid, goal.zone);
    const isAccepted = await this.acceptAction.accept(ctx, found, 'unshelveOffloaded', args);
    if (!isAccepted && before !== undefined) await this.specs.replace(await this.database.sql(), before);
    return isAccepted;
  }

  async #arguments(ctx: ApiRequest['ctx'], { instance }: ServerInCell, { host }: UnshelveGoal): Promise<UnshelveArguments> {
    const subject = imageOf(instance);
    return { ...unplaced({ requested_host: host ?? null }), subject, image: await this.#image(ctx, instance, subject.image_id) };
  }

  async #check({ zone, host }: UnshelveGoal): Promise<void> {
    const known = await this.goals.find(await this.database.sql(), zone ?? null, host ?? null);
    if (zone != null && !known.zone_has_hosts)
      throw invalid('compute.server.zone_unavailable', 'The requested availability zone is not available');
    if (host === undefined) return;
    if (!known.host_is_known) throw invalid('compute.server.host_not_found', `Compute host ${host} could not be found.`);
    if (zone != null && known.zone_of_host !== zone)
      throw conflict('compute.server.host_not_in_zone', `Host "${host}" is not in the availability zone "${zone}".`);
  }

  async #image(ctx: ApiRequest['ctx'], { uuid }: Instance, id: string | undefined): Promise<ImageMeta | null> {
    if (id === undefined) return null;
    const image = await this.images.find(ctx, id);
    if (image !== undefined) return image;
    throw conflict('compute.server.shelved_image', `Unshelve attempted but the image ${id} of instance ${uuid} cannot be found.`);
  }

  /** The zone that a server is unshelved to is its own from then on. Returns the spec as it was, if it was changed. */
  async #pin(uuid: string, zone: string | null | undefined): Promise<RequestSpec | undefined> {
    if (zone === undefined) return undefined;
    const sql = await this.database.sql();
    const spec = await this.specs.find(sql, uuid);
    if (spec === undefined || spec.availability_zone === zone) return undefined;
    await this.specs.replace(sql, { ...spec, availability_zone: zone });
    return spec;
  }
}

const imageOf = ({ system_metadata: { shelved_image_id: id } }: Instance): { readonly image_id?: string } =>
  id === undefined ? {} : { image_id: id };
