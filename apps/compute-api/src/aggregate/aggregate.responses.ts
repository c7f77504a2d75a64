import { type Answers, byKey, fields, list, since } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';
import { bool, count, micros, microsOrNull, nil, shown, silent, text, textOrNull, uuid } from '../common/response-pieces.js';

const created = {
  id: count,
  uuid: since(Since.aggregateUuid, uuid),
  name: text,
  created_at: micros,
  updated_at: microsOrNull,
  deleted_at: nil,
  deleted: bool,
  availability_zone: textOrNull,
};
const aggregate = fields({ ...created, hosts: list(text), metadata: byKey(text) });
const oneAggregate = fields({ aggregate });

export const aggregateAnswers: Answers = {
  'GET /os-aggregates': shown('The host aggregates.', fields({ aggregates: list(aggregate) })),
  'POST /os-aggregates': shown('The aggregate was made.', fields({ aggregate: fields(created) })),
  'GET /os-aggregates/:id': shown('An aggregate.', oneAggregate),
  'PUT /os-aggregates/:id': shown('The aggregate as it is now.', oneAggregate),
  'DELETE /os-aggregates/:id': silent(200, 'The aggregate is gone.'),
  'POST /os-aggregates/:id/action add_host': shown('The aggregate as it is now.', oneAggregate),
  'POST /os-aggregates/:id/action remove_host': shown('The aggregate as it is now.', oneAggregate),
  'POST /os-aggregates/:id/action set_metadata': shown('The aggregate as it is now.', oneAggregate),
  'POST /os-aggregates/:id/images': silent(202, 'Its hosts are being asked, a few at a time.'),
};
