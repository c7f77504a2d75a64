import type { SchedulingTrace, SelectDestinations, SelectDestinationsResult, TryDestinations } from '@kilonova/compute-objects';
import { aSelection } from '@kilonova/compute-samples';
import { type BusServer, createBusServer } from '@kilonova/messaging';
import type { MemoryPlacement } from '@kilonova/placement-client';
import { AppError, conflict, systemCtx } from '@kilonova/util';

const NONE: SelectDestinationsResult = {
  outcome: 'no-valid-host',
  reason: 'There are not enough hosts available.',
  verdicts: [],
};

type Answer = (args: SelectDestinations) => SelectDestinationsResult | Promise<SelectDestinationsResult>;

/**
 * A scheduler for tests, on a memory bus. Like the real one it claims what it selects, and adopts the claims of an
 * earlier run of the same request.
 */
export class ScriptedScheduler {
  readonly asked: SelectDestinations[] = [];
  /** What it was asked without a claim. */
  readonly tried: TryDestinations[] = [];
  /** Hosts to choose from, in turn, with their cells. */
  hosts: ReadonlyArray<readonly [host: string, cellUuid: string]> = [];
  alternates: ReadonlyArray<readonly [host: string, cellUuid: string]> = [];
  answer: Answer | undefined;
  /** How it says that it came to its choice. */
  trace: SchedulingTrace | undefined;
  /** How many of the next questions stay without an answer. */
  failures = 0;
  readonly #server: BusServer;
  #next = 0;

  constructor(
    url: string,
    private readonly placement: MemoryPlacement,
  ) {
    this.#server = createBusServer({ url, cell: 'api', topic: 'scheduler', prefetch: 8 }, (method, args) =>
      method === 'try_destinations' ? this.#attempt(args as TryDestinations) : this.#select(args as SelectDestinations),
    );
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  /** The first host that the request allows. */
  async #attempt(args: TryDestinations): Promise<SelectDestinationsResult> {
    this.tried.push(args);
    const [fit] = this.hosts.filter(([host]) => !args.request_spec.ignore_hosts.includes(host));
    return fit === undefined ? NONE : { outcome: 'selected', selections: args.instance_uuids.map(() => [aSelection(...fit)]) };
  }

  async #select(args: SelectDestinations): Promise<SelectDestinationsResult> {
    this.asked.push(args);
    if (this.failures > 0) {
      this.failures--;
      throw away('placement.unavailable');
    }
    if (this.answer !== undefined) return this.answer(args);
    if (this.hosts.length === 0) return NONE;
    if (args.claim_mode === 'move' || args.claim_mode === 'add') return this.#move(args, args.claim_mode);
    const selections = args.instance_uuids.map((uuid) => this.#choose(uuid, args.ignore_cells ?? []));
    return { outcome: 'selected', selections, ...(this.trace && { trace: this.trace }) };
  }

  /** The first host that the request allows, claimed in its mode; the others of them are alternates. */
  async #move(
    { instance_uuids: [uuid = ''], request_spec: spec }: SelectDestinations,
    mode: 'move' | 'add',
  ): Promise<SelectDestinationsResult> {
    const asked = spec.requested_destination?.host ?? null;
    const fit = this.hosts.filter(([host]) => !spec.ignore_hosts.includes(host) && (asked === null || asked === host));
    const [first, ...others] = fit.map(([host, cell]) => aSelection(host, cell));
    if (first === undefined) return NONE;
    const owner = { consumer: uuid, projectId: spec.project_id, userId: spec.user_id };
    const { outcome } = await this.placement.claim(systemCtx(), owner, first.allocation_request, mode);
    if (outcome === 'conflict') throw conflict('scheduler.claim.held', 'It holds something else.');
    return outcome === 'claimed' ? { outcome: 'selected', selections: [[first, ...others]] } : NONE;
  }

  #choose(uuid: string, ignoredCells: readonly string[]) {
    const fit = this.hosts.filter(([, cell]) => !ignoredCells.includes(cell));
    const all = fit.map(([host, cell]) => aSelection(host, cell));
    const adopted = all.find((selection) => selection.compute_node_uuid === this.placement.held.get(uuid));
    const chosen = adopted ?? all[this.#next++ % all.length];
    if (chosen === undefined) throw away('scheduler.hosts.unknown');
    this.placement.hold(uuid, chosen.compute_node_uuid);
    return [chosen, ...this.alternates.map(([host, cell]) => aSelection(host, cell))];
  }
}

const away = (code: string): AppError =>
  new AppError({ kind: 'dependency', code, message: 'Something does not answer.', retry: { laterMs: 1 } });
