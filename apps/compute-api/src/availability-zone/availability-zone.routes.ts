import { type Route, route } from '@kilonova/http';
import { noQuery } from '../common/parameter-types.js';
import { AvailabilityZoneController } from './availability-zone.controller.js';

const rule = 'os_compute_api:os-availability-zone';

export const availabilityZoneRoutes: readonly Route[] = [
  route(
    { method: 'GET', path: '/os-availability-zone', policy: `${rule}:list`, query: noQuery },
    AvailabilityZoneController,
    'index',
  ),
  route(
    { method: 'GET', path: '/os-availability-zone/detail', policy: `${rule}:detail`, query: noQuery },
    AvailabilityZoneController,
    'detail',
  ),
];
