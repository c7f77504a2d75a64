import { aboutThings, type Route, route } from '@kilonova/http';
import { dryRunQuery } from '../../trial/dry-run.js';
import { onServer } from '../on-server.js';
import { ShelveController } from './shelve.controller.js';
import { shelve, shelveOffload, unshelve } from './shelve.schema.js';

const rule = (name: string): string => `os_compute_api:os-shelve:${name}`;

export const shelveRoutes: readonly Route[] = aboutThings([
  route({ ...onServer('shelve'), policy: rule('shelve'), body: shelve }, ShelveController, 'shelve'),
  route({ ...onServer('shelveOffload'), policy: rule('shelve_offload'), body: shelveOffload }, ShelveController, 'shelveOffload'),
  route({ ...onServer('unshelve'), policy: rule('unshelve'), query: dryRunQuery, body: unshelve }, ShelveController, 'unshelve'),
]);
