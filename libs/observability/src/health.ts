import { reasonOf, withTimeout } from '@kilonova/util';

/** What one dependency says of itself; `detail` is for operators. */
export interface CheckResult {
  readonly ok: boolean;
  readonly detail?: string;
}

export interface HealthReport {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, CheckResult>>;
}

/** Longest time that readiness waits for one check, milliseconds. */
const CHECK_TIMEOUT_MS = 2_000;

export interface HealthCheck {
  /** Answers a CheckResult, or a promise of one. Any other answer means well; an error means the opposite. */
  readonly run: () => unknown;
  /** Whether the process is not ready while this fails; else it is only told. Default true. */
  readonly readiness?: boolean;
}

/** Readiness of a process: its database, its consumers, its lag. Each check has a deadline; one that throws has failed. */
export class HealthChecks {
  readonly #checks = new Map<string, HealthCheck>();
  #draining = false;

  add(name: string, check: HealthCheck): this {
    this.#checks.set(name, check);
    return this;
  }

  /** From now on not ready, so that no new work is sent here while what there is ends. */
  drain(): void {
    this.#draining = true;
  }

  async report(): Promise<HealthReport> {
    const entries = await Promise.all([...this.#checks].map(async ([name, check]) => [name, await settled(check.run)] as const));
    const ready = !this.#draining && entries.every(([name, result]) => result.ok || this.#checks.get(name)?.readiness === false);
    return { ready, checks: Object.fromEntries(entries) };
  }
}

async function settled(check: HealthCheck['run']): Promise<CheckResult> {
  try {
    const late = () => new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`);
    const answer = await withTimeout(Promise.resolve().then(check), CHECK_TIMEOUT_MS, late);
    return isResult(answer) ? answer : { ok: true };
  } catch (error) {
    return { ok: false, detail: reasonOf(error) };
  }
}

const isResult = (answer: unknown): answer is CheckResult =>
  typeof answer === 'object' && answer !== null && 'ok' in answer && typeof answer.ok === 'boolean';
