import { type ActionEnd, InstanceActionRepository } from '@kilonova/cell-db';
import type { Cell } from '@kilonova/cells';
import { backoffMs, type Ctx, pause } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../../common/settings.js';

/** Between two looks at a record, beside the least: shorter than a client notices at first. */
const LOOKS = { baseMs: 60, capMs: 1_000 };
const LEAST_MS = 20;
/** Of the request's own time, for its response. */
const RESERVE_MS = 1_000;

/** Waits for the end of what a request began, where clients are told of it with the response. */
@Injectable()
export class AwaitEnd {
  constructor(
    private readonly actions: InstanceActionRepository,
    private readonly settings: ComputeSettings,
  ) {}

  /** `under-way`: its agent was silent for as long as one waits for an agent; what was accepted goes on all the same. */
  async run(ctx: Ctx, cell: Cell, instanceUuid: string, action: string): Promise<ActionEnd> {
    const waitUntil = Math.min(Date.now() + this.settings.callTimeoutMs, (ctx.deadline ?? Number.POSITIVE_INFINITY) - RESERVE_MS);
    for (let look = 1; ; look++) {
      const end = await cell.run((sql) => this.actions.endOf(sql, instanceUuid, ctx.requestId, action));
      if (end.outcome !== 'under-way' || Date.now() >= waitUntil) return end;
      await pause(Math.min(LEAST_MS + backoffMs(LOOKS, look), Math.max(waitUntil - Date.now(), 0)));
    }
  }
}
