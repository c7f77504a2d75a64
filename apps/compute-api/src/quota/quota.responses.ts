import { type Answers, fields } from '@kilonova/http';
import { byName } from '../common/by-name.js';
import { count, integer, shown, silent, text } from '../common/response-pieces.js';
import { classResourcesAt, resourcesAt } from './model/quota-resources.js';

const id = { id: text };
const detail = fields({ limit: integer, in_use: count, reserved: count });

export const quotaAnswers: Answers = {
  'GET /os-quota-sets/:id': shown("A project's quotas.", fields({ quota_set: byName(resourcesAt, integer, id) })),
  'GET /os-quota-sets/:id/detail': shown(
    "A project's quotas and what is used.",
    fields({ quota_set: byName(resourcesAt, detail, id) }),
  ),
  'GET /os-quota-sets/:id/defaults': shown(
    'Quotas of projects without their own.',
    fields({ quota_set: byName(resourcesAt, integer, id) }),
  ),
  'PUT /os-quota-sets/:id': shown('The quotas as they are now.', fields({ quota_set: byName(resourcesAt) })),
  'DELETE /os-quota-sets/:id': silent(202, 'The defaults hold again.'),
  'GET /os-quota-class-sets/:id': shown(
    'The quotas of a class.',
    fields({ quota_class_set: byName(classResourcesAt, integer, id) }),
  ),
  'PUT /os-quota-class-sets/:id': shown('The quotas as they are now.', fields({ quota_class_set: byName(classResourcesAt) })),
};
