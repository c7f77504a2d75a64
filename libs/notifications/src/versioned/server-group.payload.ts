import type { InstanceGroup } from '@kilonova/compute-objects';
import { type VersionedObject, versionedObject } from './object.js';

/** ServerGroupPayload 1.1. */
export const serverGroupPayload = (group: InstanceGroup): VersionedObject =>
  versionedObject('ServerGroupPayload', '1.1', {
    uuid: group.uuid,
    name: group.name,
    user_id: group.user_id,
    project_id: group.project_id,
    policies: [group.policy],
    members: group.members,
    hosts: group.hosts.length === 0 ? null : [...new Set(group.hosts)],
    policy: group.policy,
    rules: Object.fromEntries(Object.entries(group.rules).map(([key, value]) => [key, String(value)])),
  });
