import { expect, it, vi } from 'vitest';
import { SpentBuffers } from './spent-buffers.js';

it('collects once for so many bytes, whatever the pieces', () => {
  const collect = vi.fn();
  const buffers = new SpentBuffers(100, collect);
  for (let n = 0; n < 10; n++) buffers.spent(30);
  expect(collect).toHaveBeenCalledTimes(2);
});

it('really frees what is held by nobody', () => {
  const buffers = new SpentBuffers(1);
  const before = process.memoryUsage().arrayBuffers;
  for (let n = 0; n < 200; n++) {
    Buffer.alloc(1024 * 1024);
    buffers.spent(1024 * 1024);
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
});
