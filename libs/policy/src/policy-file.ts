import { readFileSync, statSync } from 'node:fs';
import { reasonOf } from '@kilonova/util';
import { parse } from 'yaml';

/** What takes over the overrides of a file: a Policy. */
interface Overridable {
  replaceOverrides(overrides: Readonly<Record<string, string>>): readonly string[];
}

/** How often the file is looked at, milliseconds. */
const POLL_MS = 2_000;

/**
 * Keeps a policy in line with an operator's YAML file (`rule name: check string`), which is read again when it changes.
 * A file that cannot be read or parsed leaves the rules in force as they are, and is told of.
 */
export class PolicyFile {
  #seen = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly path: string,
    private readonly policy: Overridable,
    private readonly tell: (message: string) => void,
  ) {}

  /** Reads the file now and from then on. @throws Error when it cannot be used at the start. */
  start(): void {
    this.#seen = this.#stamp();
    this.#apply();
    this.#timer = setInterval(() => this.#refresh(), POLL_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #refresh(): void {
    const stamp = this.#stamp();
    if (stamp === this.#seen) return;
    this.#seen = stamp;
    try {
      this.#apply();
      this.tell(`policy file ${this.path} was read again`);
    } catch (error) {
      this.tell(`policy file ${this.path} is not in force: ${reasonOf(error)}`);
    }
  }

  #apply(): void {
    const content: unknown = parse(readFileSync(this.path, 'utf8')) ?? {};
    const entries = typeof content === 'object' && content !== null ? Object.entries(content) : [];
    if (entries.some(([, text]) => typeof text !== 'string')) throw new Error('it must map rule names to check strings');
    const unknown = this.policy.replaceOverrides(Object.fromEntries(entries) as Record<string, string>);
    if (unknown.length > 0) this.tell(`policy file ${this.path} names unknown rules: ${unknown.join(', ')}`);
  }

  #stamp(): string {
    const stat = statSync(this.path, { throwIfNoEntry: false });
    return stat === undefined ? '' : `${stat.mtimeMs}:${stat.size}:${stat.ino}`;
  }
}
