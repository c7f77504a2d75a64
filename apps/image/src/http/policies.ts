import type { PolicyRule } from '@kilonova/policy';

const OWNER = 'role:admin or (role:member and project_id:%(project_id)s)';

/** Who may do what, under Glance's names of rules. Which images a caller sees at all is not the policy's to say. */
export const policies: readonly PolicyRule[] = [
  { name: 'context_is_admin', check: 'role:admin', description: 'An administrator.' },
  { name: 'get_images', check: '@', description: 'List images', operations: ['GET /v2/images'] },
  { name: 'get_image', check: '@', description: 'Show an image', operations: ['GET /v2/images/{id}'] },
  { name: 'add_image', check: OWNER, description: 'Create an image', operations: ['POST /v2/images'] },
  {
    name: 'modify_image',
    check: OWNER,
    description: 'Change an image and its tags',
    operations: ['PATCH /v2/images/{id}', 'PUT /v2/images/{id}/tags/{tag}', 'DELETE /v2/images/{id}/tags/{tag}'],
  },
  { name: 'delete_image', check: OWNER, description: 'Delete an image', operations: ['DELETE /v2/images/{id}'] },
  {
    name: 'publicize_image',
    check: 'role:admin',
    description: 'Make an image public',
    operations: ['POST /v2/images', 'PATCH /v2/images/{id}'],
  },
  { name: 'upload_image', check: OWNER, description: 'Upload data', operations: ['PUT /v2/images/{id}/file'] },
  {
    name: 'upload_snapshot',
    check: 'role:service',
    description: 'Give an image that a server is to become its data, and see how far it is',
    operations: ['PUT /v2/images/{id}/file', 'GET /v2/images/{id}'],
  },
  { name: 'download_image', check: '@', description: 'Download data', operations: ['GET /v2/images/{id}/file'] },
  {
    name: 'deactivate',
    check: OWNER,
    description: 'Keep data from being read',
    operations: ['POST /v2/images/{id}/actions/deactivate'],
  },
  {
    name: 'reactivate',
    check: OWNER,
    description: 'Let data be read again',
    operations: ['POST /v2/images/{id}/actions/reactivate'],
  },
];
