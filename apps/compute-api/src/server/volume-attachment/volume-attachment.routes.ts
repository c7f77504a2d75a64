import { aboutThings, type Route, route } from '@kilonova/http';

import { VolumeAttachmentController } from './volume-attachment.controller.js';
import { attachVolume } from './volume-attachment.schema.js';

const rule = (name: string): string => `os_compute_api:os-volumes-attachments:${name}`;
const PATH = '/servers/:id/os-volume_attachments';

export const volumeAttachmentRoutes: readonly Route[] = aboutThings([
  route({ method: 'GET', path: PATH, policy: rule('index') }, VolumeAttachmentController, 'index'),
  route({ method: 'GET', path: `${PATH}/:volume`, policy: rule('show') }, VolumeAttachmentController, 'notFound'),
  route({ method: 'DELETE', path: `${PATH}/:volume`, policy: rule('delete') }, VolumeAttachmentController, 'notFound'),
  route({ method: 'POST', path: PATH, policy: rule('create'), body: attachVolume }, VolumeAttachmentController, 'attach'),
]);
