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

/** Readiness of a process: its database, its consumers, its lag. Each check has a deadline; one that fails makes it not ready. */
export class Health {
  readonly #checks = new Map<string, () => CheckResult | Promise<CheckResult>>();

  add(name: string, check: () => CheckResult | Promise<CheckResult>): this {
    this.#checks.set(name, check);
    return this;
  }

  async report(): Promise<HealthReport> {
    const entries = await Promise.all([...this.#checks].map(async ([name, check]) => [name, await settled(check)] as const));
    return { ready: entries.every(([, result]) => result.ok), checks: Object.fromEntries(entries) };
  }
}

async function settled(check: () => CheckResult | Promise<CheckResult>): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, detail: `no answer within ${CHECK_TIMEOUT_MS} ms` }), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
