import { AnswerCheck } from '@kilonova/http';
import { computeTables } from '../openapi/index.js';

/** The newest microversion that views know of; what is announced may be less. */
const KNOWN = { ...computeTables.versions, max: '2.104' };

/** The Compute API's own document, which every response that a test sees is held against. */
export const computeCheck = new AnswerCheck({ ...computeTables, versions: KNOWN });
