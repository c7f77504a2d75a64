import { AnswerCheck } from '@kilonova/http';
import { placementTables } from '../http/openapi/index.js';

/** Placement's own document, which every response that a test sees is held against. */
export const placementCheck = new AnswerCheck(placementTables);
