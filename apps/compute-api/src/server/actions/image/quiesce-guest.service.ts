import { type Instance, messages, type QuiesceOutcome } from '@kilonova/compute-objects';
import type { ApiRequest } from '@kilonova/http';
import { type Logger, logFields } from '@kilonova/observability';
import { type AppError, invalid } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '../../../common/tokens.js';
import { isTrue } from '../../../common/values.js';
import { AskAgent } from '../../core/ask-agent.service.js';

/** A guest goes on by itself after so many seconds: snapshots are begun one after the other, and each takes a moment. */
const SECONDS = 120;

/** Has guests hold back what they write while snapshots of their volumes are begun. Source of properties and words: Nova. */
@Injectable()
export class QuiesceGuest {
  constructor(
    private readonly askAgent: AskAgent,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {}

  /**
   * Does the work while the guest is quiesced: where it runs, and has somebody inside who listens.
   * @throws AppError 400 when its image asks for that and it cannot be, what an agent that does not answer is, and what the work throws
   */
  async during<T>(request: ApiRequest<unknown>, instance: Instance, work: () => Promise<T>): Promise<T> {
    if (!(await this.#begin(request, instance))) return work();
    try {
      return await work();
    } finally {
      await this.#end(request, instance);
    }
  }

  async #begin(request: ApiRequest<unknown>, { uuid, vm_state, system_metadata: facts }: Instance): Promise<boolean> {
    if (vm_state !== 'active') return false;
    const isRequired = isTrue(facts['image_os_require_quiesce']);
    try {
      if (!isTrue(facts['image_hw_qemu_guest_agent'])) throw noAgent();
      const args = { seconds: SECONDS };
      const { told } = await this.askAgent.run(request.ctx, request, uuid, 'createImage', messages.quiesceGuest, args);
      if ((told as QuiesceOutcome).outcome === 'no-agent') throw noAgent();
      return true;
    } catch (error) {
      if (isRequired) throw isUnsupported(error) ? unsupported(uuid) : error;
      const fields = { ...logFields(request.ctx), err: error, instance: uuid };
      if (isTrue(facts['image_hw_qemu_guest_agent'])) this.log.info(fields, 'a guest is not quiesced for its snapshot');
      return false;
    }
  }

  async #end(request: ApiRequest<unknown>, { uuid }: Instance): Promise<void> {
    const { ctx } = request;
    await this.askAgent
      .run(ctx, request, uuid, 'createImage', messages.unquiesceGuest, {})
      .catch((err: unknown) => this.log.warn({ ...logFields(ctx), err, instance: uuid }, 'a guest goes on by itself only'));
  }
}

const isUnsupported = (error: unknown): boolean => (error as AppError).kind === 'not-implemented';
const noAgent = (): AppError => invalid('compute.server.no_guest_agent', 'QEMU guest agent is not enabled');
const unsupported = (uuid: string): AppError =>
  invalid('compute.server.quiesce_unsupported', `Quiescing is not supported in instance ${uuid}`);
