import { type Answers, fields, goneSince, list, maybe, since } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';
import { count, empty, shown, silent, text, uuid } from '../common/response-pieces.js';

const group = fields({
  id: uuid,
  name: text,
  policies: goneSince(Since.serverGroupRules, list(text, { maxItems: 1 })),
  metadata: goneSince(Since.serverGroupRules, empty),
  policy: since(Since.serverGroupRules, text),
  rules: since(Since.serverGroupRules, fields({ max_server_per_host: maybe(count) })),
  members: list(uuid),
  project_id: since(Since.serverGroupOwners, text),
  user_id: since(Since.serverGroupOwners, text),
});

export const serverGroupAnswers: Answers = {
  'GET /os-server-groups': shown('Server groups.', fields({ server_groups: list(group) })),
  'POST /os-server-groups': shown('The group was made.', fields({ server_group: group })),
  'GET /os-server-groups/:id': shown('A server group.', fields({ server_group: group })),
  'DELETE /os-server-groups/:id': silent(204, 'The group is gone; its servers stay.'),
};
