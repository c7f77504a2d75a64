import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../on-server.js';
import { LockController } from './lock.controller.js';
import { lock, unlock } from './lock.schema.js';

const rule = (name: string): string => `os_compute_api:os-lock-server:${name}`;

export const lockRoutes: readonly Route[] = aboutThings([
  route({ ...onServer('lock'), policy: rule('lock'), body: lock }, LockController, 'lock'),
  route({ ...onServer('unlock'), policy: rule('unlock'), body: unlock }, LockController, 'unlock'),
]);
