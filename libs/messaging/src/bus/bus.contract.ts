import { describe } from 'vitest';
import { BusBench } from '../spec-support/bus-bench.js';
import { callsContract } from './calls.contract.js';
import { castsContract } from './casts.contract.js';
import { closingContract } from './closing.contract.js';
import { failedCastsContract } from './failed-casts.contract.js';

/** What both drivers promise. */
export function busContract(name: string, url: () => string): void {
  describe(`${name}: the bus contract`, () => {
    const bench = new BusBench(url);
    describe('calls', () => callsContract(bench));
    describe('casts', () => castsContract(bench));
    describe('failed casts', () => failedCastsContract(bench));
    describe('closing', () => closingContract(bench));
  });
}
