import { systemCtx } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { placementContract } from '../placement-client.contract.js';
import { MemoryPlacement } from './memory-placement.js';

describe('placement in memory', () => {
  placementContract(() => new MemoryPlacement());

  it('fails like the service while it is down', async () => {
    const placement = new MemoryPlacement();
    placement.isDown = true;
    await expect(placement.release(systemCtx(), 'i')).rejects.toMatchObject({
      kind: 'dependency',
      code: 'placement.unavailable',
    });
  });
});
