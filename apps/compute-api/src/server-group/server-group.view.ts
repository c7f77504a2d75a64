import type { ServerGroup } from '@kilonova/api-db';
import type { ApiRequest } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';

/** A server group: lists of policies and empty metadata up to 2.63, one policy with its rules from then on. */
export const serverGroupView = (request: ApiRequest, group: ServerGroup): Record<string, unknown> => ({
  id: group.uuid,
  name: group.name,
  ...(request.version >= Since.serverGroupRules
    ? { policy: group.policy, rules: group.rules }
    : { policies: [group.policy], metadata: {} }),
  members: group.members,
  ...(request.version >= Since.serverGroupOwners ? { project_id: group.project_id, user_id: group.user_id } : {}),
});
