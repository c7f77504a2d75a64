const UPDATED = { 'v2.0': '2011-01-21T11:33:21Z', 'v2.1': '2013-07-23T11:33:21Z' } as const;

/** One version of the API, as discovery tells of it. */
export function versionDocument(baseUrl: string, id: 'v2.0' | 'v2.1', version: string, minVersion: string) {
  const number = id.slice(1);
  return {
    id,
    status: id === 'v2.1' ? 'CURRENT' : 'SUPPORTED',
    version,
    min_version: minVersion,
    updated: UPDATED[id],
    links: [
      { rel: 'self', href: `${baseUrl}/${id === 'v2.0' ? 'v2' : id}/` },
      { rel: 'describedby', type: 'text/html', href: 'http://docs.openstack.org/' },
    ],
    'media-types': [
      { base: 'application/json', type: `application/vnd.openstack.compute+json;version=${number === '2.0' ? '2' : number}` },
    ],
  };
}
