import { type Route, route } from '@kilonova/http';
import { manyMetadata, oneMetadata } from '../server/metadata/server-metadata.schema.js';
import { ImageController } from './image.controller.js';
import { ImageMetadataController } from './image-metadata.controller.js';

const images = { max: '2.35' } as const;
const metadata = { max: '2.38' } as const;
const METADATA = '/images/:id/metadata';

/** The proxy to the image service; gone since 2.36, its metadata since 2.39. */
export const imageRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/images', dear: true, ...images }, ImageController, 'index'),
  route({ method: 'GET', path: '/images/detail', dear: true, ...images }, ImageController, 'detail'),
  route({ method: 'GET', path: '/images/:id', ...images }, ImageController, 'show'),
  route({ method: 'DELETE', path: '/images/:id', ...images }, ImageController, 'delete'),
  route({ method: 'GET', path: METADATA, ...metadata }, ImageMetadataController, 'index'),
  route({ method: 'POST', path: METADATA, ...metadata, body: manyMetadata }, ImageMetadataController, 'create'),
  route({ method: 'PUT', path: METADATA, ...metadata, body: manyMetadata }, ImageMetadataController, 'updateAll'),
  route({ method: 'GET', path: `${METADATA}/:key`, ...metadata }, ImageMetadataController, 'show'),
  route({ method: 'PUT', path: `${METADATA}/:key`, ...metadata, body: oneMetadata }, ImageMetadataController, 'update'),
  route({ method: 'DELETE', path: `${METADATA}/:key`, ...metadata }, ImageMetadataController, 'delete'),
];
