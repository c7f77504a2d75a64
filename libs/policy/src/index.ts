// Who may do what: rules with documented operations and defaults in the policy language of OpenStack services,
// overridable by an operator's file. Pure but for the file.
export * from './check.js';
export * from './policy.js';
export * from './policy-file.js';
export * from './rule.js';
export * from './rule-references.js';
export * from './sample-file.js';
