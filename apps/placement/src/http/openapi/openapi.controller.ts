import { OpenApiPage, type Route, route } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { placementTables } from './api-tables.js';

/** It tells of what this program is, not of what it holds, so it needs no token. */
@Injectable()
export class OpenApiController extends OpenApiPage {
  constructor() {
    super(placementTables);
  }
}

/** Beside the API, not of it: the reference has no such page. */
export const openApiRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/openapi.json', public: true }, OpenApiController, 'show'),
];
