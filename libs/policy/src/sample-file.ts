import type { PolicyRule } from './rule.js';

const line = (rule: PolicyRule): string[] => [
  `# ${rule.description.replaceAll('\n', ' ')}`,
  ...(rule.operations ?? []).map((operation) => `# ${operation}`),
  `#"${rule.name}": "${rule.check}"`,
];

/** A policy file with every rule commented out at its default, with what it guards: the start for an operator's own. */
export const samplePolicyFile = (rules: readonly PolicyRule[]): string =>
  rules.map((rule) => `${line(rule).join('\n')}\n`).join('\n');
