import type { ConsoleProtocol } from '@kilonova/compute-objects';
import type { SectionValues } from '@kilonova/config';
import type { consoleSection } from '../config.js';

/** Clients by protocol. Source: the published pairs of protocol and type. */
const TYPES: Readonly<Record<ConsoleProtocol, string>> = { vnc: 'novnc', spice: 'spice-html5', serial: 'serial', mks: 'webmks' };

export type Proxy = { readonly outcome: 'open'; readonly url: string } | { readonly outcome: 'unavailable' | 'unknown-type' };

/** The proxies in front of the consoles of a host's guests: which there are, and where clients are sent. */
export class ConsoleProxies {
  constructor(private readonly section: SectionValues<typeof consoleSection>) {}

  /** Consoles that are switched off are so for every kind of client. */
  of(protocol: ConsoleProtocol, type: string): Proxy {
    const { enabled, url } = this.#settings(protocol);
    if (!enabled) return { outcome: 'unavailable' };
    return type === TYPES[protocol] ? { outcome: 'open', url } : { outcome: 'unknown-type' };
  }

  #settings(protocol: ConsoleProtocol): { readonly enabled: boolean; readonly url: string } {
    const { vncEnabled, vncUrl, spiceEnabled, spiceUrl, serialEnabled, serialUrl, mksEnabled, mksUrl } = this.section;
    return {
      vnc: { enabled: vncEnabled, url: vncUrl },
      spice: { enabled: spiceEnabled, url: spiceUrl },
      serial: { enabled: serialEnabled, url: serialUrl },
      mks: { enabled: mksEnabled, url: mksUrl },
    }[protocol];
  }
}
