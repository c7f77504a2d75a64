import { type ApiReply, ok } from '../request.js';
import type { ApiDescription } from './api-description.js';
import { openApiDocument } from './openapi-document.js';

/** Answers with the description of an API, which is written when it is first asked for. */
export class OpenApiPage {
  #document: Buffer | undefined;

  constructor(private readonly api: ApiDescription) {}

  show(): ApiReply {
    this.#document ??= Buffer.from(JSON.stringify(openApiDocument(this.api)));
    return ok(this.#document, { 'content-type': 'application/json' });
  }
}
