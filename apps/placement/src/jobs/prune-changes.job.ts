import type { Logger } from '@kilonova/observability';
import { pruneChanges } from '../read-model/index.js';
import type { PlacementDatabase } from '../store/sql.js';

const EVERY_MS = 3_600_000;
/** A process that read nothing for so long loads everything anew at its next read. */
const RETENTION_SECONDS = 6 * 3_600;

/**
 * Drops old change marks once an hour. Every process runs it: several at once do no harm, and none has to be chosen.
 * A run that fails is told of and left to the next one.
 */
export class PruneChangesJob {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: PlacementDatabase,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.#timer = setInterval(() => void this.run(), EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** One run. Never rejects. */
  async run(): Promise<void> {
    try {
      const pruned = await pruneChanges(this.database, RETENTION_SECONDS);
      this.logger.debug({ pruned }, 'old change marks were dropped');
    } catch (error) {
      this.logger.warn({ err: error }, 'old change marks could not be dropped');
    }
  }
}
