import { aboutThings, type Route, route } from '@kilonova/http';

import { VolumeAttachmentController } from './volume-attachment.controller.js';
import { attachVolume, changeAttachment, listAttachments } from './volume-attachment.schema.js';

const rule = (name: string): string => `os_compute_api:os-volumes-attachments:${name}`;
const PATH = '/servers/:id/os-volume_attachments';
const ONE = `${PATH}/:volume`;

export const volumeAttachmentRoutes: readonly Route[] = aboutThings([
  route({ method: 'GET', path: PATH, policy: rule('index'), query: listAttachments }, VolumeAttachmentController, 'index'),
  route({ method: 'GET', path: ONE, policy: rule('show') }, VolumeAttachmentController, 'show'),
  route({ method: 'DELETE', path: ONE, policy: rule('delete') }, VolumeAttachmentController, 'detach'),
  route({ method: 'POST', path: PATH, policy: rule('create'), body: attachVolume }, VolumeAttachmentController, 'attach'),
  route({ method: 'PUT', path: ONE, policy: rule('update'), body: changeAttachment }, VolumeAttachmentController, 'change'),
]);
