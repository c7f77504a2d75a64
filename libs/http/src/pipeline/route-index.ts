import { isOffered, type Negotiated } from '../microversion.js';
import type { Route } from '../route.js';

/** The rows of one URL. */
export class UrlRoutes {
  readonly #byMethod = new Map<string, Route[]>();

  constructor(
    readonly path: string,
    routes: readonly Route[],
  ) {
    for (const row of routes) this.#byMethod.set(row.method, [...(this.#byMethod.get(row.method) ?? []), row]);
  }

  /** For the Allow header. */
  get methods(): readonly string[] {
    return [...this.#byMethod.keys()];
  }

  /** True when a request of the method needs no token; a method that the URL lacks is judged by all its rows. */
  isPublic(method: string): boolean {
    const rows = this.#byMethod.get(method) ?? [...this.#byMethod.values()].flat();
    return rows.every((row) => row.public === true);
  }

  get hasRawBody(): boolean {
    return [...this.#byMethod.values()].flat().some((row) => row.rawBody === true);
  }

  /** The actions of a method at any version; who does not ask for extensions is not told of theirs. */
  actions(method: string, { extension }: Negotiated): ReadonlySet<string> {
    const rows = this.#byMethod.get(method)?.filter((row) => row.extension === undefined || extension !== undefined);
    return new Set(rows?.flatMap((row) => row.action ?? []));
  }

  /** Rows of a method at a version; several only where actions tell them apart. */
  rows(method: string, asked: Negotiated): readonly Route[] | undefined {
    return this.#byMethod.get(method)?.filter((row) => isOffered(row, asked));
  }
}

/** Rows by URL, in the order of the table. */
export function indexRoutes(routes: readonly Route[]): readonly UrlRoutes[] {
  const byPath = new Map<string, Route[]>();
  for (const row of routes) byPath.set(row.path, [...(byPath.get(row.path) ?? []), row]);
  return [...byPath].map(([path, rows]) => new UrlRoutes(path, rows));
}
