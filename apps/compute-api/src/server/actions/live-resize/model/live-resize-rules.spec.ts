import type { Flavor, Instance } from '@kilonova/compute-objects';
import { expect, it } from 'vitest';
import { checkLiveResize } from './live-resize-rules.js';

const flavor = {
  flavorid: 'f1',
  vcpus: 2,
  memory_mb: 512,
  root_gb: 1,
  ephemeral_gb: 1,
  swap: 512,
  disabled: false,
  extra_specs: { a: 'b' },
} as unknown as Flavor;
const server = { flavor, image_ref: 'i', system_metadata: {} } as unknown as Instance;
const other = (more: Partial<Flavor>): Flavor => ({ ...flavor, flavorid: 'f2', ...more });

it.each([{ vcpus: 3 }, { memory_mb: 1024 }, { root_gb: 2, ephemeral_gb: 2, swap: 1024 }, {}])(
  'takes what is no smaller: %j',
  (more) => {
    expect(checkLiveResize(server, 'f2', other(more))).toEqual(other(more));
  },
);

it.each([
  [{ vcpus: 1 }, 'has less vcpus'],
  [{ memory_mb: 256, vcpus: 8 }, 'has less ram'],
  [{ ephemeral_gb: 0 }, 'has less ephemeral'],
  [{ swap: 0 }, 'has less swap'],
  [{ extra_specs: {} }, 'extra specs'],
  [{ disabled: true }, 'could not be found'],
])('takes no flavor with %j', (more, message) => {
  expect(() => checkLiveResize(server, 'f2', other(more))).toThrow(message);
});

it('takes no server that is laid out on the hardware of its host', () => {
  const extra_specs = { 'hw:cpu_policy': 'dedicated' };
  expect(() => checkLiveResize({ ...server, flavor: { ...flavor, extra_specs } }, 'f2', other({ extra_specs }))).toThrow(
    'laid out',
  );
});

it('needs another flavor', () => {
  expect(() => checkLiveResize(server, 'f1', flavor)).toThrow('must change flavor');
});
