import { ApiDatabase, RequestSpecRepository, SchedulingRecordRepository } from '@kilonova/api-db';
import { type Placing, PlacingRepository } from '@kilonova/cell-db';
import { type Cell, CellRelays } from '@kilonova/cells';
import {
  type HostVerdict,
  type InstanceFault,
  type OperationTicket,
  operationRule,
  type RequestSpec,
  type SelectDestinationsResult,
} from '@kilonova/compute-objects';
import { AppError, type Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { BootNotifier } from '../../events/boot-notifier.js';
import { noValidHostFault, unplacedFault } from '../../model/no-valid-host.js';
import { isRebuild, mayStay, placingSpec } from '../../model/placing-spec.js';
import { ReviveBoots } from '../boot/revive-boots.service.js';
import { SelectHosts } from '../boot/select-hosts.service.js';
import { GrowClaim } from './grow-claim.service.js';
import { LocateServer } from './locate-server.service.js';
import { PrepareClaims } from './prepare-claims.service.js';

export abstract class PlacingOptions {
  /** The name of this conductor. */
  abstract readonly host: string;
  /** Deliveries of a message that may meet a dependency which is down. */
  abstract readonly attempts: number;
  abstract readonly allowResizeToSameHost: boolean;
  abstract readonly now: () => Date;
}

/** Where operations, and the reasons for having no host, are kept. */
@Injectable()
export class PlacingStores {
  constructor(
    readonly api: ApiDatabase,
    readonly specs: RequestSpecRepository,
    readonly records: SchedulingRecordRepository,
    readonly placings: PlacingRepository,
  ) {}
}

/** What is done about claims, and about servers that never had one. */
@Injectable()
export class PlacingWays {
  constructor(
    readonly claims: PrepareClaims,
    readonly growClaim: GrowClaim,
    readonly reviveBoots: ReviveBoots,
  ) {}
}

type Refusal = {
  readonly reason: string;
  readonly verdicts: readonly HostVerdict[];
  readonly outcome: 'no-valid-host' | 'scheduler-unavailable';
};

/** Something else does not answer now, or an earlier run's claim was in the way: the message may be tried again. */
const isPassing = (error: unknown): boolean =>
  error instanceof AppError &&
  (error.kind === 'dependency' || error.kind === 'deadline' || error.code === 'scheduler.claim.held');

/**
 * Finds a host for an operation: what the server holds is handed to its migration, the scheduler selects and claims in the
 * server's cell, and one statement stores the selection and sends the first step. Without a host the operation is left to
 * the cell's conductor, which winds it up. Every line may be repeated: a run takes an attempt of its own first, and what
 * another run has decided meanwhile stands. An operation that no cell with hosts knows may be the rebuild of a server in cell0.
 */
@Injectable()
export class PlaceOperation {
  constructor(
    private readonly locate: LocateServer,
    private readonly stores: PlacingStores,
    private readonly hosts: SelectHosts,
    private readonly ways: PlacingWays,
    private readonly relays: CellRelays,
    private readonly notifier: BootNotifier,
    private readonly options: PlacingOptions,
  ) {}

  /** @param delivery which delivery of the message this is, from 1 */
  async run(ctx: Ctx, ticket: OperationTicket, delivery: number): Promise<void> {
    const cell = await this.locate.run(ticket.instance_uuid);
    const placing =
      cell === undefined || cell.isCell0
        ? undefined
        : await cell.run((sql) => this.stores.placings.begin(sql, ticket.operation_uuid, this.options.host));
    if (cell === undefined || placing === undefined) return void (await this.ways.reviveBoots.run(ticket.operation_uuid));
    try {
      await this.#place(ctx, cell, placing);
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (delivery < this.options.attempts) throw again(AppError.from(error));
      await this.#refuse(ctx, cell, placing, null, unanswered(AppError.from(error)));
    }
  }

  async #place(ctx: Ctx, cell: Cell, placing: Placing): Promise<void> {
    const { operation, instance } = placing;
    const stored = await this.stores.specs.find(await this.stores.api.sql(), instance.uuid);
    if (stored === undefined) return this.#refuse(ctx, cell, placing, null, NO_SPEC);
    const { claim: mode, notify } = operationRule(operation.name).placed ?? {};
    if (mode === 'grow') return this.#grow(ctx, cell, placing, stored);
    await this.ways.claims.run(ctx, placing);
    const terms = { cellUuid: cell.uuid, sameHost: mayStay(operation, this.options.allowResizeToSameHost) };
    const { result, spec } = await this.hosts.run(ctx, placingSpec(stored, placing, terms), [instance.uuid], [], mode);
    const [selection, ...alternates] = chosen(result);
    if (result.outcome === 'no-valid-host' || selection === undefined)
      return this.#refuse(ctx, cell, placing, spec, refusalOf(result));
    if (isRebuild(operation)) await this.#keepImage(stored, spec);
    if (notify !== undefined) await this.notifier.scheduled(ctx, instance, notify);
    await cell.run((sql) =>
      this.stores.placings.place(sql, operation, { ...operation.arguments, request_spec: spec, selection, alternates }),
    );
    this.relays.wake(cell);
  }

  /** Where it is, there is one host to judge, and nothing of it is judged but its room. The group stays as it is. */
  async #grow(ctx: Ctx, cell: Cell, placing: Placing, stored: RequestSpec): Promise<void> {
    const { operation, instance } = placing;
    const { flavor } = operation.arguments;
    const spec = { ...stored, num_instances: 1, flavor: flavor ?? instance.flavor, instance_group: null };
    const grown = await this.ways.growClaim.run(ctx, instance, operation.arguments, cell.uuid);
    if (grown.outcome === 'refused') return this.#refuse(ctx, cell, placing, spec, noRoom(grown.verdict));
    const { selection } = grown;
    await cell.run((sql) =>
      this.stores.placings.place(sql, operation, { ...operation.arguments, request_spec: spec, selection, alternates: [] }),
    );
    this.relays.wake(cell);
  }

  /** Later searches for a host go by the image that the server has by then. */
  async #keepImage(stored: RequestSpec, { image }: RequestSpec): Promise<void> {
    if (stored.image?.id !== image?.id) await this.stores.specs.replace(await this.stores.api.sql(), { ...stored, image });
  }

  async #refuse(ctx: Ctx, cell: Cell, placing: Placing, spec: RequestSpec | null, refusal: Refusal): Promise<void> {
    const record = { requestId: ctx.requestId, ...refusal };
    await this.stores.records.addMany(await this.stores.api.sql(), [placing.instance.uuid], record);
    await cell.run((sql) => this.stores.placings.refuse(sql, placing.operation, this.#fault(refusal), spec));
    this.relays.wake(cell);
  }

  #fault({ outcome, reason, verdicts }: Refusal): InstanceFault {
    const faultOf = outcome === 'no-valid-host' ? noValidHostFault : unplacedFault;
    return faultOf(reason, verdicts, this.options.now());
  }
}

const chosen = (result: SelectDestinationsResult) => (result.outcome === 'selected' ? (result.selections[0] ?? []) : []);

const refusalOf = (result: SelectDestinationsResult): Refusal =>
  result.outcome === 'no-valid-host' ? result : { outcome: 'no-valid-host', reason: '', verdicts: [] };

const noRoom = (verdict: HostVerdict): Refusal => ({
  outcome: 'no-valid-host',
  reason: 'Its host has no room for the flavor.',
  verdicts: [verdict],
});

const NO_SPEC: Refusal = { outcome: 'no-valid-host', reason: 'What the server was placed with is not known.', verdicts: [] };

const unanswered = ({ code, message }: AppError): Refusal => ({
  outcome: 'scheduler-unavailable',
  reason: 'The services that place servers did not answer in time.',
  verdicts: [{ host: null, provider_uuid: null, stage: 'candidates', rule: code, reason: message }],
});

/** Kinds that the bus delivers again stay as they are; an earlier run's claim is gone once the next one begins. */
const again = (error: AppError): AppError =>
  error.kind === 'conflict' ? new AppError({ kind: 'dependency', code: 'conductor.move.busy', message: error.message }) : error;
