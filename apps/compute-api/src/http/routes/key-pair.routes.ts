import { type Route, route } from '@kilonova/http';
import { KeyPairController } from '../key-pair.controller.js';
import { createKeyPair, listKeyPairs, ofUser } from '../schemas/key-pair.schema.js';

/** The policy is asked by the controller: it depends on whose key pairs are meant. */
export const keyPairRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/os-keypairs', query: listKeyPairs }, KeyPairController, 'index'),
  route({ method: 'POST', path: '/os-keypairs', body: createKeyPair }, KeyPairController, 'create'),
  route({ method: 'GET', path: '/os-keypairs/:id', query: ofUser }, KeyPairController, 'show'),
  route({ method: 'DELETE', path: '/os-keypairs/:id', query: ofUser }, KeyPairController, 'remove'),
];
