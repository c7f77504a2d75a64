import { systemCtx } from '@kilonova/util';
import type { FakeBehaviour } from '@kilonova/virt';
import { beforeEach, describe, expect, it } from 'vitest';
import { managedHost } from '../spec-support/fake-cell.js';
import { CacheImages } from './cache-images.service.js';
import { ManagedHosts } from './managed-host.js';

const ctx = systemCtx();
let behaviour: Partial<FakeBehaviour>;
let cache: CacheImages;
let warnings: string[];
const run = (...image_ids: string[]) => cache.run(ctx, { host: 'h', image_ids });

beforeEach(() => {
  [behaviour, warnings] = [{}, []];
  const log = { warn: (_fields: unknown, text: string) => void warnings.push(text) };
  cache = new CacheImages(new ManagedHosts([managedHost([], () => behaviour)]), log as never);
});

describe('a host fetches images beforehand', () => {
  it('once each', async () => {
    expect(await run('a')).toEqual({ a: 'cached' });
    expect(await run('a', 'b')).toEqual({ a: 'existing', b: 'cached' });
  });

  it('as far as it can', async () => {
    await run('a');
    behaviour = { failing: ['*:cacheImage'] };
    expect([await run('b', 'a'), warnings]).toEqual([{ b: 'error', a: 'existing' }, ['an image was not fetched beforehand']]);
  });

  it('in vain where its hypervisor keeps none', async () => {
    behaviour = { unsupported: ['*:cacheImage'] };
    expect([await run('a', 'b'), warnings]).toEqual([{ a: 'unsupported', b: 'unsupported' }, []]);
  });

  it('no longer than its caller waits', async () => {
    behaviour = { delaysMs: { cacheImage: 60_000 } };
    const hurried = { ...ctx, deadline: Date.now() + 20 };
    expect(await cache.run(hurried, { host: 'h', image_ids: ['a', 'b'] })).toEqual({ a: 'error', b: 'error' });
  });
});
