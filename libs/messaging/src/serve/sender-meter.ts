/** What one sender may do within a second. */
export interface SenderLimits {
  /** Messages of any kind, to one server. The agent of a busy host sends some dozens. */
  readonly messages: number;
  /** The length of their bodies together, where that is counted: reading them costs by length. */
  readonly bytes: number;
  /** Messages that are refused. */
  readonly refusals: number;
  /** How long whoever did more is not listened to, milliseconds. */
  readonly silenceMs: number;
}

export const SENDER_LIMITS: SenderLimits = { messages: 300, bytes: 24 * 1024 * 1024, refusals: 200, silenceMs: 3_000 };

const SECOND_MS = 1_000;

interface Tally {
  since: number;
  messages: number;
  bytes: number;
  refusals: number;
  silentUntil: number;
}

/**
 * Counts what each sender sends, so that one that floods a server is thrown away unread, which is the least work there is, and others
 * need not wait behind its refusals. There are as many tallies as broker users.
 */
export class SenderMeter {
  readonly #tallies = new Map<string, Tally>();

  constructor(
    private readonly limits: SenderLimits,
    /** Told once for each silence. */
    private readonly onSilence: (sender: string) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Counts a message. @returns whether its sender is listened to. */
  admits(sender: string, bytes = 0): boolean {
    const tally = this.#tally(sender);
    tally.messages += 1;
    tally.bytes += bytes;
    this.#judge(sender, tally);
    return !this.#isSilent(tally);
  }

  /** Counts a refusal of a message that was admitted. */
  refused(sender: string): void {
    const tally = this.#tally(sender);
    tally.refusals += 1;
    this.#judge(sender, tally);
  }

  #judge(sender: string, tally: Tally): void {
    if (this.#isSilent(tally)) return;
    const { messages, bytes, refusals } = this.limits;
    if (tally.messages <= messages && tally.bytes <= bytes && tally.refusals <= refusals) return;
    tally.silentUntil = this.now() + this.limits.silenceMs;
    this.onSilence(sender);
  }

  #isSilent({ silentUntil }: Tally): boolean {
    return silentUntil > this.now();
  }

  #tally(sender: string): Tally {
    const now = this.now();
    const tally = this.#tallies.get(sender) ?? { since: now, messages: 0, bytes: 0, refusals: 0, silentUntil: 0 };
    if (now - tally.since >= SECOND_MS) Object.assign(tally, { since: now, messages: 0, bytes: 0, refusals: 0 });
    this.#tallies.set(sender, tally);
    return tally;
  }
}
