import { type Answers, either, fields, list, maybe, replacedAt, since } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';
import { bool, integer, microsOrNull, shown, silent, text, textOrNull, uuid, word } from '../common/response-pieces.js';

const id = replacedAt(Since.uuidIds, integer, uuid);
const ENABLED = word('enabled', 'disabled');

const service = fields({
  binary: text,
  host: text,
  id,
  zone: text,
  status: ENABLED,
  state: word('up', 'down'),
  updated_at: microsOrNull,
  disabled_reason: textOrNull,
  forced_down: since(Since.forcedDown, bool),
});
const unknownService = fields({ binary: text, host: text, status: word('UNKNOWN') });
const changedService = fields({
  host: text,
  binary: text,
  status: maybe(ENABLED),
  disabled_reason: maybe(text),
  forced_down: since(Since.forcedDown, maybe(bool)),
});

export const serviceAnswers: Answers = {
  'GET /os-services': shown(
    'The services of the control plane and the hosts.',
    fields({ services: list(replacedAt(Since.downCells, service, either(service, unknownService))) }),
  ),
  'PUT /os-services/:id': shown(
    'The service as it is now.',
    fields({ service: replacedAt(Since.uuidIds, changedService, service) }),
  ),
  'DELETE /os-services/:id': silent(204, 'The service is forgotten.'),
};
