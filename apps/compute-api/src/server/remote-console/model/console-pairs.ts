import type { ActionName, ConsoleProtocol } from '@kilonova/compute-objects';

/** What the protocols of consoles are asked for by: rows of the action table. */
export const CONSOLE_ACTIONS: Readonly<Record<ConsoleProtocol, ActionName>> = {
  vnc: 'getVncConsole',
  spice: 'getSpiceConsole',
  serial: 'getSerialConsole',
  mks: 'getMksConsole',
};

/** RDP is still a word of the schema, and offered by no hypervisor any more. */
export const isOffered = (protocol: string): protocol is ConsoleProtocol => Object.hasOwn(CONSOLE_ACTIONS, protocol);

/** The address that a client opens. noVNC hands its path on to the proxy; every other client sends the token itself. */
export const consoleUrl = (base: string, type: string, token: string): string =>
  type === 'novnc' ? `${base}?path=${encodeURIComponent(`?token=${token}`)}` : `${base}?token=${token}`;
