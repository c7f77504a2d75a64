import type { Flavor } from '@kilonova/compute-objects';
import type { ApiRequest } from '@kilonova/http';
import { expect, it } from 'vitest';
import { tenantUsageView } from '../usage/usage.view.js';
import { flavorDetail } from './flavor.view.js';

const request = { version: 2001, baseUrl: 'http://c', prefix: '/v2.1', url: '/', allows: () => true } as unknown as ApiRequest;

it('writes a factor of flavors as a float', () => {
  const flavor = { flavorid: 'f', name: 'f', memory_mb: 1, root_gb: 1, swap: 0, ephemeral_gb: 0, vcpus: 1, rxtx_factor: 1 };
  expect(JSON.stringify(flavorDetail(request, flavor as unknown as Flavor))).toContain('"rxtx_factor":1.0');
});

it('writes usage as floats', () => {
  const usage = { projectId: 'p', servers: [], localGbHours: 2, vcpuHours: 0, memoryMbHours: 512.5, hours: 1 };
  const text = JSON.stringify(tenantUsageView(usage, { from: new Date(0), until: new Date(0) }, false));
  for (const part of ['"total_hours":1.0', '"total_vcpus_usage":0.0', '"total_memory_mb_usage":512.5'])
    expect(text).toContain(part);
});
