import { type OpenApiDocument, openApiDocument } from '@kilonova/http';
import { placementTables } from '../http/openapi/index.js';

/** `placement openapi`: the API of this release as an OpenAPI document, the same that a running placement serves. */
export const describeApi = (): OpenApiDocument => openApiDocument(placementTables);
