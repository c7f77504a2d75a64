import type { Route } from '@kilonova/http';

const LAST = '2.102';

/** `/os-volumes_boot` is an older name of `/servers`: the same rows once more, without their parts. Gone since 2.103. */
export const volumesBootRoutes = (rows: readonly Route[]): readonly Route[] =>
  rows
    .filter(({ path }) => /^\/servers(\/detail|\/:id|\/:id\/action)?$/.test(path))
    .map((row) => ({ ...row, path: row.path.replace('/servers', '/os-volumes_boot'), max: row.max ?? LAST }));
