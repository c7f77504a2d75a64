import { type OpenApiDocument, openApiDocument } from '@kilonova/http';
import { computeTables } from './index.js';

/** `compute openapi`: the API of this release as an OpenAPI document, the same that a running API serves. */
export const describeComputeApi = (): OpenApiDocument => openApiDocument(computeTables);
