import { AppError } from '@kilonova/util';

/** What an event is expected of: an instance, and of which of its ports, volumes or devices. */
export interface ExpectedEvent {
  readonly instanceUuid: string;
  readonly name: string;
  readonly tag: string | null;
}

export type EventStatus = 'completed' | 'failed' | 'in-progress';

type Waiter = (status: EventStatus) => void;

const keyOf = ({ instanceUuid, name, tag }: ExpectedEvent): string => `${instanceUuid}/${name}/${tag ?? ''}`;

/**
 * Who waits for what other services are about to tell of guests. Expect an event before causing it: one that nobody
 * expects is not kept.
 */
export class ExternalEvents {
  readonly #waiters = new Map<string, Set<Waiter>>();

  /**
   * Resolves with the event's status. @throws AppError `dependency`, code `agent.event.late`, after `timeoutMs`; the
   * signal's reason when it is aborted
   */
  expect(event: ExpectedEvent, timeoutMs: number, signal: AbortSignal): Promise<EventStatus> {
    const late = AbortSignal.timeout(timeoutMs);
    const either = AbortSignal.any([signal, late]);
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#forget(event, waiter);
        either.removeEventListener('abort', stop);
      };
      const waiter: Waiter = (status) => {
        end();
        resolve(status);
      };
      const stop = (): void => {
        end();
        reject(signal.aborted ? signal.reason : tooLate(event, timeoutMs));
      };
      this.#remember(event, waiter);
      if (either.aborted) stop();
      else either.addEventListener('abort', stop);
    });
  }

  /** False: nobody expects it. */
  deliver(event: ExpectedEvent, status: EventStatus): boolean {
    const waiting = [...(this.#waiters.get(keyOf(event)) ?? [])];
    for (const waiter of waiting) waiter(status);
    return waiting.length > 0;
  }

  #remember(event: ExpectedEvent, waiter: Waiter): void {
    const key = keyOf(event);
    this.#waiters.set(key, (this.#waiters.get(key) ?? new Set()).add(waiter));
  }

  #forget(event: ExpectedEvent, waiter: Waiter): void {
    const waiting = this.#waiters.get(keyOf(event));
    waiting?.delete(waiter);
    if (waiting?.size === 0) this.#waiters.delete(keyOf(event));
  }
}

const tooLate = ({ instanceUuid, name, tag }: ExpectedEvent, timeoutMs: number): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'agent.event.late',
    message: `Nobody told of ${name} ${tag ?? ''} of instance ${instanceUuid} within ${timeoutMs} ms.`,
  });
