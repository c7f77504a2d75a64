import type { Readable } from 'node:stream';
import { AppError, type Ctx } from '@kilonova/util';
import { Agent, request } from 'undici';
import { type ImageTransport, unexpected } from './image-transport.js';

/** Longest silence while data flows, milliseconds; the whole may take as long as it takes. */
const SILENCE_MS = 60_000;

/** What became of an upload; `refused`: the image does not wait for data (any more); `not-found`: it is gone, maybe only now. */
export type UploadOutcome = 'stored' | 'refused' | 'not-found';

const broken = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : new AppError({
        kind: 'dependency',
        code: 'image.unavailable',
        message: 'The image service cannot be reached, or broke off.',
        cause: error,
      });

interface Sending {
  readonly body?: Readable;
  readonly signal?: AbortSignal;
}

/** Images' data, as streams. */
export class ImageDataClient {
  readonly #agent = new Agent({ connections: 16, headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS });

  constructor(private readonly transport: ImageTransport) {}

  /**
   * Gives a queued image its data, piece by piece as it is taken. @param signal breaks it off; the image waits for data again then
   * @throws AppError kind `dependency`; the signal's reason; the stream's own error
   */
  async upload(ctx: Ctx, id: string, data: Readable, signal?: AbortSignal): Promise<UploadOutcome> {
    const reply = await this.#request(ctx, id, 'PUT', { body: data, signal }).catch((error: unknown) => {
      data.destroy();
      signal?.throwIfAborted();
      throw data.errored ?? error;
    });
    data.destroy();
    await reply.body.dump();
    if (reply.statusCode === 204) return 'stored';
    if (reply.statusCode === 404 || reply.statusCode === 410) return 'not-found';
    if (reply.statusCode === 409) return 'refused';
    throw unexpected(reply.statusCode, 'to store an image');
  }

  /** @returns undefined when there is no such image or no data yet. @throws AppError kind `dependency`; the stream ends in an error when it breaks off */
  async download(ctx: Ctx, id: string): Promise<Readable | undefined> {
    const reply = await this.#request(ctx, id, 'GET');
    if (reply.statusCode === 200) return reply.body;
    await reply.body.dump();
    if (reply.statusCode === 404 || reply.statusCode === 204) return undefined;
    throw unexpected(reply.statusCode, 'for an image');
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  async #request(ctx: Ctx, id: string, method: 'GET' | 'PUT', { body, signal }: Sending = {}) {
    try {
      const url = `${(await this.transport.endpoint(ctx)).replace(/\/$/, '')}/v2/images/${encodeURIComponent(id)}/file`;
      const headers = {
        ...(await this.transport.authHeaders(ctx)),
        'content-type': 'application/octet-stream',
        'x-openstack-request-id': ctx.requestId,
      };
      return await request(url, { method, headers, body: body ?? null, signal, dispatcher: this.#agent });
    } catch (error) {
      throw broken(error);
    }
  }
}
