import type { Principal } from '@kilonova/util';

/** What a rule may compare the caller with: the owner of the thing that is acted on. */
export type Target = Readonly<Record<string, string | null | undefined>>;

/** A parsed rule. `named` resolves `rule:x`. */
export type Check = (principal: Principal, target: Target, named: (rule: string) => Check) => boolean;

export const ALWAYS: Check = () => true;
export const NEVER: Check = () => false;

/** Roles that a role brings with it: admin ⊃ manager ⊃ member ⊃ reader. */
const IMPLIED: Readonly<Record<string, readonly string[]>> = {
  admin: ['admin', 'manager', 'member', 'reader'],
  manager: ['manager', 'member', 'reader'],
  member: ['member', 'reader'],
};

const broughtBy = (role: string): readonly string[] => (Object.hasOwn(IMPLIED, role) ? (IMPLIED[role] as string[]) : [role]);

const hasRole = (principal: Principal, role: string): boolean =>
  principal.roles.some((own) => broughtBy(own.toLowerCase()).includes(role.toLowerCase()));

/** Attributes of the caller that checks of the form `attribute:value` look at. */
const attribute = (principal: Principal, name: string): string | undefined => {
  const attributes: Readonly<Record<string, string | undefined>> = {
    user_id: principal.userId,
    user: principal.userId,
    project_id: principal.projectId,
    tenant: principal.projectId,
    is_admin: principal.isAdmin ? 'True' : 'False',
    system_scope: principal.systemScope,
    domain_id: principal.domainId,
    user_domain_id: principal.userDomainId,
    project_domain_id: principal.projectDomainId,
  };
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
};

const LITERAL = /^(?:'([^']*)'|"([^"]*)"|(True|False|None))$/;

/** The left side of a comparison: an attribute of the caller, or a literal (`'x'`, `True`, `None`). */
function leftSide(text: string): (principal: Principal) => string | undefined {
  const literal = LITERAL.exec(text);
  if (literal === null) return (principal) => attribute(principal, text);
  const value = literal[1] ?? literal[2] ?? literal[3];
  return () => value;
}

/** One term: `role:admin`, `rule:name`, `project_id:%(project_id)s`, `is_admin:True`, `'x':%(y)s`, `@`, `!`. */
function term(text: string): Check {
  if (text === '@' || text === '') return ALWAYS;
  if (text === '!') return NEVER;
  const colon = text.indexOf(':');
  if (colon < 0) throw new Error(`"${text}" is no check`);
  const kind = text.slice(0, colon);
  const match = text.slice(colon + 1);
  if (kind === 'rule') return (principal, target, named) => named(match)(principal, target, named);
  if (kind === 'role') return (principal) => hasRole(principal, match);
  const left = leftSide(kind);
  const key = /^%\((?<key>[\w.]+)\)s$/.exec(match)?.groups?.['key'];
  return (principal, target) => {
    const mine = left(principal);
    const wanted = key === undefined ? match : Object.hasOwn(target, key) ? target[key] : undefined;
    return mine !== undefined && wanted !== undefined && wanted !== null && mine === wanted;
  };
}

const TOKEN = /\(|\)|[^\s()]*%\([^)]*\)s[^\s()]*|[^\s()]+/g;

/** Recursive descent over `or` < `and` < `not` < parentheses. */
class Parser {
  #position = 0;

  constructor(private readonly tokens: readonly string[]) {}

  whole(): Check {
    const check = this.#or();
    if (this.#position < this.tokens.length) throw new Error(`"${this.tokens[this.#position]}" was not expected`);
    return check;
  }

  #or(): Check {
    const parts = [this.#and()];
    while (this.#takes('or')) parts.push(this.#and());
    return parts.length === 1 ? (parts[0] as Check) : (p, t, n) => parts.some((part) => part(p, t, n));
  }

  #and(): Check {
    const parts = [this.#not()];
    while (this.#takes('and')) parts.push(this.#not());
    return parts.length === 1 ? (parts[0] as Check) : (p, t, n) => parts.every((part) => part(p, t, n));
  }

  #not(): Check {
    if (!this.#takes('not')) return this.#primary();
    const inner = this.#not();
    return (p, t, n) => !inner(p, t, n);
  }

  #primary(): Check {
    const token = this.tokens[this.#position++];
    if (token === undefined || token === ')') throw new Error('a check is missing');
    if (token !== '(') return term(token);
    const inner = this.#or();
    if (this.tokens[this.#position++] !== ')') throw new Error('a parenthesis is not closed');
    return inner;
  }

  #takes(word: string): boolean {
    if (this.tokens[this.#position]?.toLowerCase() !== word) return false;
    this.#position += 1;
    return true;
  }
}

/**
 * Parses a check string of the policy language that operators of OpenStack services know.
 * @throws Error that says what is wrong with the text.
 */
export function parseCheck(text: string): Check {
  const tokens = text.match(TOKEN) ?? [];
  return tokens.length === 0 ? ALWAYS : new Parser(tokens).whole();
}

/** The rules that a check string refers to. */
export const referredRules = (text: string): readonly string[] =>
  (text.match(TOKEN) ?? []).filter((token) => token.startsWith('rule:')).map((token) => token.slice('rule:'.length));
