import { aboutThings, type Route, route } from '@kilonova/http';
import { KeyPairController } from './key-pair.controller.js';
import { createKeyPair, listKeyPairs, ofUser } from './key-pair.schema.js';

const rule = (action: string): string => `os_compute_api:os-keypairs:${action}`;

/** The policy is asked by the controller: it depends on whose key pairs are meant. */
export const keyPairRoutes: readonly Route[] = aboutThings([
  route({ method: 'GET', path: '/os-keypairs', policy: rule('index'), query: listKeyPairs }, KeyPairController, 'index'),
  route({ method: 'POST', path: '/os-keypairs', policy: rule('create'), body: createKeyPair }, KeyPairController, 'create'),
  route({ method: 'GET', path: '/os-keypairs/:id', policy: rule('show'), query: ofUser }, KeyPairController, 'show'),
  route({ method: 'DELETE', path: '/os-keypairs/:id', policy: rule('delete'), query: ofUser }, KeyPairController, 'remove'),
]);
