import type { ConsoleProtocol } from '../guest.js';

/** A guest, for the agent of its host. */
export interface GuestRef {
  readonly host: string;
  readonly instance_uuid: string;
}

export interface GetConsoleOutput extends GuestRef {
  /** Lines from the end; null: all there are. */
  readonly length: number | null;
}

/** The guest goes on by itself after so many seconds, whatever becomes of who asked. */
export interface QuiesceGuest extends GuestRef {
  readonly seconds: number;
}

export interface OpenConsole extends GuestRef {
  readonly protocol: ConsoleProtocol;
  /** The kind of client: `novnc`, `serial`, … */
  readonly type: string;
}
