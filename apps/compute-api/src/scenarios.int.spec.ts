import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, it } from 'vitest';
import { readScenario, ScenarioRun } from './spec-support/scenario.js';
import { useServerCloud } from './spec-support/server-cloud.js';

const FOLDER = new URL('../scenarios/', import.meta.url);

describe('scenarios', () => {
  const cloud = useServerCloud({ messaging: { callTimeoutSeconds: 0.5 }, computeApi: { serviceDownTimeSeconds: 3_600 } });
  for (const file of readdirSync(FOLDER).sort()) {
    const scenario = readScenario(readFileSync(new URL(file, FOLDER), 'utf8'));
    describe(`${file}: ${scenario.title}`, () => {
      const run = new ScenarioRun(cloud, scenario);
      beforeAll(() => {
        cloud.networks.forget();
        return cloud.clear();
      });
      it.each(scenario.steps.map((step) => [step.name, step] as const))('%s', (_name, step) => run.step(step));
    });
  }
});
