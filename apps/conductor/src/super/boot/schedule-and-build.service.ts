import { ApiDatabase, BootRepository } from '@kilonova/api-db';
import { CellRegistry } from '@kilonova/cells';
import { Config } from '@kilonova/config';
import { PlacementClient, releaseAll } from '@kilonova/placement-client';
import { AppError, type Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { conductorSection } from '../../config.js';
import { type PendingBoot, partitionBoots } from '../../model/boot-partition.js';
import { planBuilds } from '../../model/boot-plan.js';
import { BuryBoots } from './bury-boots.service.js';
import { DispatchBuilds } from './dispatch-builds.service.js';
import { SelectHosts } from './select-hosts.service.js';

/** The ends that a boot may come to in the conductor. */
@Injectable()
export class BootSteps {
  /** Deliveries of a message that may meet a dependency which is down. */
  readonly attempts: number;

  constructor(
    readonly select: SelectHosts,
    readonly dispatch: DispatchBuilds,
    readonly bury: BuryBoots,
    config: Config,
  ) {
    this.attempts = config.get(conductorSection).schedulingAttempts;
  }
}

/** A step failed because something else does not answer now: the message may be tried again. */
const isPassing = (error: unknown): boolean =>
  error instanceof AppError && (error.kind === 'dependency' || error.kind === 'deadline');

/** Lets every part end, then throws the first failure: one cell that is down does not keep the others waiting. */
async function allOf(parts: ReadonlyArray<Promise<void>>): Promise<void> {
  const failed = (await Promise.allSettled(parts)).find((part) => part.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/**
 * The boot, from an accepted request to messages for hosts. The message names instances only: everything else is read
 * here, so that a repeated delivery goes on from what is stored. After `attempts` deliveries that met a dependency
 * which is down, what is still waiting ends in ERROR rather than never.
 */
@Injectable()
export class ScheduleAndBuild {
  constructor(
    private readonly api: ApiDatabase,
    private readonly cells: CellRegistry,
    private readonly boots: BootRepository,
    private readonly placement: PlacementClient,
    private readonly steps: BootSteps,
  ) {}

  /** @param attempt which delivery of the message this is, from 1 */
  async run(ctx: Ctx, uuids: readonly string[], attempt: number): Promise<void> {
    const { pending, settled, gone } = partitionBoots(await this.boots.load(await this.api.sql(), uuids));
    await allOf([
      this.#finishOrLeave(ctx, settled, attempt),
      releaseAll(this.placement, ctx, gone),
      this.steps.bury.exhume(gone),
      this.#scheduleOrGiveUp(ctx, pending, attempt),
    ]);
  }

  async #scheduleOrGiveUp(ctx: Ctx, pending: readonly PendingBoot[], attempt: number): Promise<void> {
    try {
      await this.#schedule(ctx, pending);
    } catch (error) {
      if (!isPassing(error) || attempt < this.steps.attempts) throw error;
      await this.#giveUp(
        ctx,
        pending.map((boot) => boot.uuid),
        AppError.from(error),
      );
    }
  }

  /** What a cell does not take is planned anew without that cell: each round leaves out one more, so rounds are bounded. */
  async #schedule(ctx: Ctx, boots: readonly PendingBoot[], ignoredCells: readonly string[] = []): Promise<void> {
    const [first] = boots;
    if (first === undefined) return;
    const uuids = boots.map((boot) => boot.uuid);
    const { result, spec } = await this.steps.select.run(ctx, first.spec, uuids, ignoredCells);
    if (result.outcome === 'no-valid-host') {
      return this.steps.bury.run(ctx, boots, result);
    }
    const plan = planBuilds(boots, result.selections, spec);
    const refused = new Set<string>();
    const left: string[] = [];
    await allOf(
      [...plan].map(async ([cellUuid, builds]) => {
        if ((await this.steps.dispatch.run(ctx, cellUuid, builds)) === 'dispatched') return;
        refused.add(cellUuid);
        left.push(...builds.map((build) => build.instance.uuid));
      }),
    );
    await this.#schedule(
      ctx,
      boots.filter((boot) => left.includes(boot.uuid)),
      [...ignoredCells, ...refused],
    );
  }

  /** With their cell away to the end, these are left to the sweep of stragglers: a dead letter would help nobody. */
  async #finishOrLeave(ctx: Ctx, settled: ReadonlyMap<number, readonly string[]>, attempt: number): Promise<void> {
    try {
      await this.#finish(ctx, settled);
    } catch (error) {
      if (!isPassing(error) || attempt < this.steps.attempts) throw error;
    }
  }

  /** An earlier run stored these; the hand-over may have been missed. */
  async #finish(ctx: Ctx, settled: ReadonlyMap<number, readonly string[]>): Promise<void> {
    for (const [cellId, uuids] of settled) {
      const cell = await this.cells.findById(cellId);
      if (cell !== undefined) await this.steps.dispatch.handOver(ctx, cell, uuids);
    }
  }

  async #giveUp(ctx: Ctx, uuids: readonly string[], error: AppError): Promise<void> {
    const { pending } = partitionBoots(await this.boots.load(await this.api.sql(), uuids));
    if (pending.length === 0) return;
    const reason = 'The services that place servers did not answer in time.';
    const verdict = { host: null, provider_uuid: null, stage: 'candidates', rule: error.code, reason: error.message } as const;
    await this.steps.bury.run(ctx, pending, { outcome: 'scheduler-unavailable', reason, verdicts: [verdict] });
    await releaseAll(
      this.placement,
      ctx,
      pending.map((boot) => boot.uuid),
    );
  }
}
