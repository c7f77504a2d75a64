import { describe } from 'vitest';
import { volumeContract } from '../volume-service.contract.js';
import { MemoryVolumes } from './memory-volumes.js';

describe('volumes in memory', () => {
  volumeContract(() => {
    const behind = new MemoryVolumes();
    return { service: behind, behind };
  });
});
