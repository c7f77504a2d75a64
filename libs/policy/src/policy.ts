import { type Principal, reasonOf } from '@kilonova/util';
import { type Check, NEVER, parseCheck, type Target } from './check.js';
import { PolicyFile } from './policy-file.js';
import type { PolicyRule, TokenScope } from './rule.js';
import { findCycle, type RuleTexts, undefinedReferences } from './rule-references.js';

export interface PolicyOptions {
  readonly rules: readonly PolicyRule[];
  /** False lets the defaults of earlier releases pass too. */
  readonly enforceNewDefaults: boolean;
  /** Check strings by rule name that replace defaults. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** An operator's YAML file of overrides; read again when it changes, from `watch` on. */
  readonly file?: string;
}

/** Decides who may do what. Rules are parsed once; overrides can be exchanged while it is in use. */
export class Policy {
  readonly #defaults: ReadonlyMap<string, Check>;
  readonly #defaultTexts: RuleTexts;
  readonly #scopes: ReadonlyMap<string, readonly TokenScope[]>;
  #checks: ReadonlyMap<string, Check>;
  readonly #file: string | undefined;
  #watcher: PolicyFile | undefined;

  /** @throws Error naming the rule whose check string is malformed, or rules that refer to each other in a circle. */
  constructor(options: PolicyOptions) {
    this.#defaultTexts = new Map(options.rules.map((rule) => [rule.name, withDeprecated(rule, options.enforceNewDefaults)]));
    this.#scopes = new Map(options.rules.map((rule) => [rule.name, rule.scopeTypes ?? PROJECT]));
    this.#defaults = parsedAll(this.#defaultTexts);
    this.#checks = this.#defaults;
    const unknown = undefinedReferences(this.#defaultTexts);
    if (unknown.length > 0) throw new Error(`policy rules refer to rules that are not defined: ${unknown.join(', ')}`);
    this.replaceOverrides(options.overrides ?? {});
    this.#file = options.file;
  }

  /** Reads the operator's file, now and whenever it changes. Without a file there is nothing to do. */
  watch(tell: (message: string) => void): void {
    if (this.#file === undefined) return;
    this.#watcher = new PolicyFile(this.#file, this, tell);
    this.#watcher.start();
  }

  /** Stops looking at the file. */
  close(): void {
    this.#watcher?.stop();
  }

  /** A rule that nobody defined refuses everyone; any rule refuses tokens of a scope that it is not for. */
  allows(rule: string, principal: Principal, target: Target = {}): boolean {
    if (!(this.#scopes.get(rule) ?? PROJECT).includes(scopeOf(principal))) return false;
    return this.#named(rule)(principal, target, (name) => this.#named(name));
  }

  /** True when the rule is defined, by a default or by an override. */
  has(rule: string): boolean {
    return this.#checks.has(rule);
  }

  /**
   * Puts other overrides in the place of the present ones, all or none.
   * @returns names that no rule has, given or referred to: most likely misspelt.
   * @throws Error naming the rule whose check string is malformed, or a circle of rules; the present ones stay in force.
   */
  replaceOverrides(overrides: Readonly<Record<string, string>>): readonly string[] {
    const given = new Map(Object.entries(overrides));
    const checks = parsedAll(given);
    const texts: RuleTexts = new Map([...this.#defaultTexts, ...given]);
    const cycle = findCycle(texts);
    if (cycle !== undefined) throw new Error(`policy rules refer to each other in a circle: ${cycle.join(' → ')}`);
    this.#checks = new Map([...this.#defaults, ...checks]);
    return [...[...given.keys()].filter((name) => !this.#defaults.has(name)), ...undefinedReferences(texts)];
  }

  #named(rule: string): Check {
    return this.#checks.get(rule) ?? NEVER;
  }
}

const PROJECT: readonly TokenScope[] = ['project'];

/** What the caller's token is scoped to. */
export const scopeOf = ({ systemScope, domainId }: Pick<Principal, 'systemScope' | 'domainId'>): TokenScope =>
  systemScope !== undefined ? 'system' : domainId !== undefined ? 'domain' : 'project';

const withDeprecated = (rule: PolicyRule, enforceNewDefaults: boolean): string =>
  enforceNewDefaults || rule.deprecatedCheck === undefined ? rule.check : `(${rule.check}) or (${rule.deprecatedCheck})`;

const parsedAll = (texts: RuleTexts): ReadonlyMap<string, Check> =>
  new Map([...texts].map(([name, text]) => [name, parsed(name, text)]));

function parsed(name: string, text: string): Check {
  try {
    return parseCheck(text);
  } catch (error) {
    throw new Error(`policy rule ${name}: ${reasonOf(error)}`);
  }
}
