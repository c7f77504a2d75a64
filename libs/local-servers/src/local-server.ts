/** How a server program ended. */
export interface ExitReport {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running server program that this process owns. */
export interface LocalServer {
  /** Where clients connect, credentials included: a secret. */
  readonly url: string;
  readonly port: number;
  /** The process id of the program; a new one after `restart()`. */
  readonly pid: number;
  /** What the program writes. */
  readonly logFile: string;
  /** Resolves when the present program ends, whoever ended it. */
  readonly exited: Promise<ExitReport>;
  /** Orderly end; does nothing when it has ended already. */
  stop(): Promise<void>;
  /** Ends it as a power cut would (SIGKILL). */
  kill(): Promise<void>;
  /** Ends it in order if it runs, and starts it again on the same folder and port. */
  restart(): Promise<void>;
}
