import type { LocalPostgres } from '@kilonova/local-servers';
import { backoffMs, pause, reasonOf } from '@kilonova/util';
import type { ServiceStatus } from './service-runner.js';

/** Pauses before a server that ended by itself is started again. */
const RESTART = { baseMs: 200, capMs: 10_000 };

/** PostgreSQL as a part of the cloud: when it ends by itself, it is started again on its data, until that works. */
export class SupervisedPostgres {
  readonly #stopping = new AbortController();
  readonly #watch: Promise<void>;
  #state: ServiceStatus['state'] = 'running';
  #restarts = 0;

  /** @param server is running. */
  constructor(
    private readonly server: LocalPostgres,
    private readonly tell: (message: string) => void,
  ) {
    this.#watch = this.#restartForever();
  }

  get status(): ServiceStatus {
    const pid = this.#state === 'running' ? this.server.pid : null;
    return { name: 'PostgreSQL', state: this.#state, pid, restarts: this.#restarts };
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#state = 'stopped';
    await this.server.stop();
    await this.#watch;
    await this.server.stop();
  }

  async #restartForever(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const { code, signal: killedBy } = await this.server.exited;
      if (signal.aborted) return;
      this.#state = 'restarting';
      this.tell(`PostgreSQL ended (${killedBy ?? `exit code ${code}`}); it is started again`);
      for (let failures = 1; this.#state === 'restarting' && !signal.aborted; failures++) {
        await pause(backoffMs(RESTART, failures), signal).catch(() => undefined);
        if (!signal.aborted) await this.#restart();
      }
    }
  }

  async #restart(): Promise<void> {
    try {
      await this.server.restart();
      this.#restarts += 1;
      if (!this.#stopping.signal.aborted) this.#state = 'running';
    } catch (error) {
      this.tell(`PostgreSQL does not start: ${reasonOf(error)}`);
    }
  }
}
