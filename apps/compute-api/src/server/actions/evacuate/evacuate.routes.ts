import { aboutThings, type Route, route } from '@kilonova/http';
import { dryRunQuery } from '../../trial/dry-run.js';
import { onServer } from '../on-server.js';
import { EvacuateController } from './evacuate.controller.js';
import { evacuate } from './evacuate.schema.js';

export const evacuateRoutes: readonly Route[] = aboutThings([
  route(
    { ...onServer('evacuate'), policy: 'os_compute_api:os-evacuate', query: dryRunQuery, body: evacuate },
    EvacuateController,
    'evacuate',
  ),
]);
