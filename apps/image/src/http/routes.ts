import { type Route, route } from '@kilonova/http';
import { DescriptionController } from './description.controller.js';
import { ImageController } from './image.controller.js';
import { ImageActionController } from './image-action.controller.js';
import { ImageDataController } from './image-data.controller.js';
import { createImageSchema, patchImageSchema } from './schemas/image.js';

const descriptions: readonly Route[] = [
  route({ method: 'GET', path: '/', public: true }, DescriptionController, 'choices'),
  route({ method: 'GET', path: '/versions', public: true }, DescriptionController, 'versions'),
  route({ method: 'GET', path: '/v2', public: true }, DescriptionController, 'choices'),
  route({ method: 'GET', path: '/v2/', public: true }, DescriptionController, 'choices'),
  route({ method: 'GET', path: '/v2/schemas/image' }, DescriptionController, 'imageSchema'),
  route({ method: 'GET', path: '/v2/schemas/images' }, DescriptionController, 'imagesSchema'),
  route({ method: 'GET', path: '/v2/schemas/member' }, DescriptionController, 'memberSchema'),
  route({ method: 'GET', path: '/v2/schemas/members' }, DescriptionController, 'membersSchema'),
  route({ method: 'GET', path: '/v2/info/import' }, DescriptionController, 'imports'),
  route({ method: 'GET', path: '/v2/info/stores' }, DescriptionController, 'stores'),
  route({ method: 'GET', path: '/v2/images/:id/members' }, DescriptionController, 'members'),
];

const images: readonly Route[] = [
  route({ method: 'GET', path: '/v2/images', policy: 'get_images' }, ImageController, 'list'),
  route(
    { method: 'POST', path: '/v2/images', policy: 'add_image', body: [{ schema: createImageSchema }] },
    ImageController,
    'create',
  ),
  route({ method: 'GET', path: '/v2/images/:id', policy: 'get_image' }, ImageController, 'show'),
  route({ method: 'PATCH', path: '/v2/images/:id', body: [{ schema: patchImageSchema }] }, ImageController, 'update'),
  route({ method: 'DELETE', path: '/v2/images/:id' }, ImageController, 'remove'),
];

const data: readonly Route[] = [
  route({ method: 'PUT', path: '/v2/images/:id/file', rawBody: true }, ImageDataController, 'upload'),
  route({ method: 'GET', path: '/v2/images/:id/file' }, ImageDataController, 'download'),
];

const actions: readonly Route[] = [
  route({ method: 'POST', path: '/v2/images/:id/actions/deactivate' }, ImageActionController, 'deactivate'),
  route({ method: 'POST', path: '/v2/images/:id/actions/reactivate' }, ImageActionController, 'reactivate'),
  route({ method: 'PUT', path: '/v2/images/:id/tags/:tag' }, ImageActionController, 'addTag'),
  route({ method: 'DELETE', path: '/v2/images/:id/tags/:tag' }, ImageActionController, 'removeTag'),
];

/** The service's route table. */
export const routes: readonly Route[] = [...descriptions, ...images, ...data, ...actions];
