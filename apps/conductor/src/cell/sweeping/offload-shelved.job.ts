import { Injectable } from '@nestjs/common';
import type { Job } from '../../sweeping/sweeper.js';
import { OffloadShelved } from '../operation/offload-shelved.service.js';

/** Servers a run, at most. */
const LIMIT = 200;

export abstract class ShelvedPoll {
  abstract readonly intervalMs: number;
}

/** Servers that have been shelved for long enough leave their hosts. */
@Injectable()
export class OffloadShelvedJob implements Job {
  readonly name = 'offload shelved servers';
  readonly exclusive = true;

  constructor(
    private readonly offload: OffloadShelved,
    private readonly poll: ShelvedPoll,
  ) {}

  get intervalMs(): number {
    return this.poll.intervalMs;
  }

  run(): Promise<number> {
    return this.offload.due(LIMIT);
  }
}
