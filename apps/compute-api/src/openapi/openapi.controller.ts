import { type ApiReply, ok, openApiDocument, type Route, route } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { computeTables } from './api-tables.js';

/** The description of the API. It tells of what this program is, not of what it holds, so it needs no token, and is written once. */
@Injectable()
export class OpenApiController {
  #document: Buffer | undefined;

  show(): ApiReply {
    this.#document ??= Buffer.from(JSON.stringify(openApiDocument(computeTables)));
    return ok(this.#document, { 'content-type': 'application/json' });
  }
}

/** Beside the API, not of it: upstream has no such page. */
export const openApiRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/openapi.json', public: true }, OpenApiController, 'show'),
];
