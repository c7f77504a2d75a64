import { AppError, type Ctx, pause } from '@kilonova/util';
import type { Volume, VolumeService } from '@kilonova/volume-client';
import type { ExternalEvents } from '../external-event/external-events.js';
import { demand } from './demand.js';

export interface ReimageOptions {
  /** Between looks at a volume, milliseconds. */
  readonly readyIntervalMs: number;
  /** How long another image may take for each GiB of its volume, milliseconds. */
  readonly reimageMsPerGib: number;
  /** What the volume service tells of its end. */
  readonly events: ExternalEvents;
}

const DOWNLOADING = 'downloading';

interface Wanted {
  readonly serverId: string;
  readonly volumeId: string;
  readonly imageId: string;
}

/**
 * Another image on one volume. Its end is told by the event `volume-reimaged`; as an agent that was away meanwhile hears of none, the
 * volume itself is looked at as well.
 */
export class VolumeReimage {
  constructor(
    private readonly volumes: VolumeService,
    private readonly options: ReimageOptions,
    private readonly wanted: Wanted,
  ) {}

  /** @throws AppError when the volume service refuses, fails, or is late */
  async run(ctx: Ctx, signal: AbortSignal): Promise<void> {
    const { serverId: instanceUuid, volumeId, imageId } = this.wanted;
    const volume = await this.#volume(ctx);
    const patienceMs = Math.max(volume.size, 1) * this.options.reimageMsPerGib;
    const over = new AbortController();
    const event = { instanceUuid, name: 'volume-reimaged', tag: volumeId };
    const told = this.options.events.expect(event, patienceMs, AbortSignal.any([signal, over.signal]));
    told.catch(() => undefined);
    try {
      if (volume.status !== DOWNLOADING) demand(await this.volumes.reimage(ctx, volumeId, imageId));
      await this.#untilThere(ctx, told, signal);
    } finally {
      over.abort();
    }
  }

  /** `told` ends the wait: with the event, or in an error when it is late. */
  async #untilThere(ctx: Ctx, told: Promise<string>, signal: AbortSignal): Promise<void> {
    for (;;) {
      const status = await Promise.race([told, pause(this.options.readyIntervalMs, signal).then(() => undefined)]);
      if (status === 'failed') throw failed(this.wanted);
      const { status: now } = await this.#volume(ctx);
      if (now === 'error') throw failed(this.wanted);
      if (status === 'completed' || now !== DOWNLOADING) return;
    }
  }

  async #volume(ctx: Ctx): Promise<Volume> {
    const volume = await this.volumes.get(ctx, this.wanted.volumeId);
    if (volume !== undefined) return volume;
    const message = `Volume ${this.wanted.volumeId} could not be found.`;
    throw new AppError({ kind: 'not-found', code: 'agent.volume.not_found', message });
  }
}

const failed = ({ volumeId, imageId }: Wanted): AppError =>
  new AppError({
    kind: 'conflict',
    code: 'agent.volume.not_reimaged',
    message: `Image ${imageId} could not be put on volume ${volumeId}.`,
  });
