import { loadConfig } from '@kilonova/config';
import { expect, it } from 'vitest';
import { placementSections } from '../config.js';
import { openAuthentication } from './open-authentication.js';

const open = (host: string, strategy = 'noauth2') =>
  openAuthentication(
    loadConfig({
      sections: placementSections,
      env: {},
      defaults: { http: { host }, auth: { strategy }, database: { url: 'postgres://h/d' } },
    }),
  );

it.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost'])('L15: noauth2 serves %s', async (host) => {
  await expect(open(host).close()).resolves.toBeUndefined();
});

it.each(['0.0.0.0', '::', '10.0.0.1', 'placement.example', '127.0.0.1.example', ''])(
  'L15: noauth2 does not serve %s',
  async (host) => {
    expect(() => open(host)).toThrow(/auth\.strategy: noauth2 believes every token/);
    await expect(open(host, 'keystone').close()).resolves.toBeUndefined();
  },
);
