import { type Answers, fields, list, maybe, since } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';
import { count, links, micros, microsOrNull, next, orNull, shown, text, textOrNull, uuid } from '../common/response-pieces.js';

const migration = fields({
  id: count,
  uuid: since(Since.migrationPaging, uuid),
  source_compute: textOrNull,
  dest_compute: textOrNull,
  source_node: textOrNull,
  dest_node: textOrNull,
  dest_host: textOrNull,
  old_instance_type_id: orNull(count),
  new_instance_type_id: orNull(count),
  instance_uuid: uuid,
  status: text,
  migration_type: since(Since.migrationTypes, textOrNull),
  user_id: since(Since.migrationOwners, textOrNull),
  project_id: since(Since.migrationOwners, textOrNull),
  created_at: micros,
  updated_at: microsOrNull,
  links: since(Since.migrationTypes, maybe(links)),
});

export const migrationAnswers: Answers = {
  'GET /os-migrations': shown(
    'Moves of servers between hosts.',
    fields({ migrations: list(migration), migrations_links: since(Since.migrationPaging, maybe(next)) }),
  ),
};
