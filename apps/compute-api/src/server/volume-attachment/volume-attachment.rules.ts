import { MEMBER, READER, rule, SERVICE } from '../../common/base.rules.js';

export const volumeAttachmentRules = [
  rule(
    'os_compute_api:os-volumes-attachments:create',
    MEMBER,
    'Create volumes of a server.',
    'POST /servers/{server_id}/os-volume_attachments',
  ),
  rule(
    'os_compute_api:os-volumes-attachments:delete',
    MEMBER,
    'Delete volumes of a server.',
    'DELETE /servers/{server_id}/os-volume_attachments/{id}',
  ),
  rule(
    'os_compute_api:os-volumes-attachments:index',
    READER,
    'List volumes of a server.',
    'GET /servers/{server_id}/os-volume_attachments',
  ),
  rule(
    'os_compute_api:os-volumes-attachments:show',
    READER,
    'Show volumes of a server.',
    'GET /servers/{server_id}/os-volume_attachments/{id}',
  ),
  rule(
    'os_compute_api:os-volumes-attachments:swap',
    SERVICE,
    'Swap a volume of a server.',
    'PUT /servers/{server_id}/os-volume_attachments/{id}',
  ),
  rule(
    'os_compute_api:os-volumes-attachments:update',
    MEMBER,
    'Change volumes of a server.',
    'PUT /servers/{server_id}/os-volume_attachments/{id}',
  ),
];
