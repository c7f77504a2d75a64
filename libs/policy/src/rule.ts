/** What a token can be scoped to. One without any scope counts as a project's, without a project. */
export type TokenScope = 'project' | 'domain' | 'system';

/** A rule as documented: what it guards, and who may by default. */
export interface PolicyRule {
  readonly name: string;
  /** In the policy language, e.g. `rule:admin_api`. */
  readonly check: string;
  readonly description: string;
  /** `GET /servers` …; empty for rules that only others refer to. */
  readonly operations?: readonly string[];
  /** The default of earlier releases; holds as well while new defaults are not enforced. */
  readonly deprecatedCheck?: string;
  /** Tokens of other scopes are refused, whatever their roles. Default: those of a project. No operator's file changes it. */
  readonly scopeTypes?: readonly TokenScope[];
}
