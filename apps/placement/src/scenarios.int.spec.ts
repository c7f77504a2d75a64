import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { usePlacement } from './spec-support/placement-under-test.js';
import { readScenario, runStep } from './spec-support/scenario.js';

const FOLDER = new URL('../scenarios/', import.meta.url);

for (const file of readdirSync(FOLDER).sort()) {
  const scenario = readScenario(readFileSync(new URL(file, FOLDER), 'utf8'));
  describe(`${file}: ${scenario.title}`, () => {
    const placement = usePlacement();
    it.each(scenario.steps.map((step) => [step.name, step] as const))('%s', (_name, step) =>
      runStep(placement.call, scenario, step),
    );
  });
}
