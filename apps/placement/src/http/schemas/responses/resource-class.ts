import { className } from '../common.js';
import { type Answers, done, located, shown } from './answer.js';
import { links, listOf, whole } from './pieces.js';

const resourceClass = whole({ name: className, links: links('self') });

export const resourceClassAnswers: Answers = {
  'GET /resource_classes': [
    shown('All classes, standard and custom.', [{ schema: whole({ resource_classes: listOf(resourceClass) }) }]),
  ],
  'POST /resource_classes': [{ status: 201, description: 'It was made.', headers: located }],
  'GET /resource_classes/:name': [shown('The class.', [{ schema: resourceClass }])],
  'PUT /resource_classes/:name': [
    { ...shown('The class under its new name.', [{ schema: resourceClass }]), max: '1.6' },
    { status: 201, min: '1.7', description: 'It was made.', headers: located },
    done('It was there.', { min: '1.7', headers: located }),
  ],
  'DELETE /resource_classes/:name': [done('It is gone.')],
};
