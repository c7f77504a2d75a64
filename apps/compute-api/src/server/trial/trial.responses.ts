import { fields, list, maybe, type Success } from '@kilonova/http';
import { answer, count, text, textOrNull } from '../../common/response-pieces.js';

/** What a dry run answers; hosts for who may know them. */
export const trialShape = fields({
  dry_run: fields({
    outcome: text,
    reason: text,
    servers: count,
    offered: count,
    refused: list(fields({ stage: text, rule: text, hosts: count })),
    hosts: maybe(list(fields({ host: textOrNull, availability_zone: textOrNull, alternates: list(text) }))),
    best: maybe(list(fields({ host: text, weight: { type: 'number' }, weights: { type: 'object' } }))),
    verdicts: maybe(list({ type: 'object' })),
  }),
});

/** With `?dry_run=true`. */
export const tried: Success = answer(200, 'What would happen (an extension of Kilonova); nothing has.', trialShape);
