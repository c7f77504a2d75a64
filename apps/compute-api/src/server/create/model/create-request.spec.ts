import { describe, expect, it } from 'vitest';
import { type CreateServerBody, readCreateRequest, readZone, rightsNeeded } from './create-request.js';

const IMAGE = '70a599e0-31e7-49b7-b260-868f441e862b';
const body = (server: Partial<CreateServerBody['server']> = {}, more: Partial<CreateServerBody> = {}): CreateServerBody => ({
  server: { name: 's', imageRef: IMAGE, flavorRef: 1, ...server },
  ...more,
});

describe('a request for servers', () => {
  it('has defaults', () => {
    expect(readCreateRequest(body(), 2037)).toMatchObject({
      flavorid: '1',
      minCount: 1,
      maxCount: 1,
      networks: 'auto',
      configDrive: false,
      description: null,
      tags: [],
      groupUuid: null,
      destination: null,
    });
  });

  it('is described by its name before 2.19', () => {
    expect(readCreateRequest(body(), 2018).description).toBe('s');
    expect(readCreateRequest(body({ description: 'd' }), 2019).description).toBe('d');
  });

  it.each([
    [{}, 1, 1],
    [{ min_count: 2 }, 2, 2],
    [{ max_count: '3' }, 1, 3],
    [{ min_count: 2, max_count: 4 }, 2, 4],
  ])('counts %j', (server, minCount, maxCount) => {
    expect(readCreateRequest(body(server), 2001)).toMatchObject({ minCount, maxCount });
  });

  it.each([
    ['az', { zone: 'az', host: null, node: null }],
    ['az:h', { zone: 'az', host: 'h', node: null }],
    ['az:h:n', { zone: 'az', host: 'h', node: 'n' }],
    ['az::n', { zone: 'az', host: null, node: 'n' }],
  ])('reads the zone %s', (text, zone) => {
    expect(readZone(text)).toEqual(zone);
  });

  it('refuses a zone of four parts', () => {
    expect(() => readZone('a:b:c:d')).toThrow('Unable to parse availability_zone: a:b:c:d');
  });

  it('C2: names so many networks and no more, before any of them is asked for', () => {
    const networks = (count: number) => Array.from({ length: count }, () => ({ uuid: IMAGE }));
    expect(readCreateRequest(body({ networks: networks(64) }), 2037).networks).toHaveLength(64);
    expect(() => readCreateRequest(body({ networks: networks(65) }), 2037)).toThrow('A server can have 64 interfaces at most.');
  });

  it('C2: hints are asked about for every host, and bounded', () => {
    const apart = (count: number) => ({ 'os:scheduler_hints': { different_host: new Array(count).fill(IMAGE) } });
    expect(readCreateRequest(body({}, apart(400)), 2037).hints['different_host']).toHaveLength(400);
    expect(() => readCreateRequest(body({}, apart(500)), 2037)).toThrow('Scheduler hints can have 16384 bytes at most.');
  });

  it('makes lists of texts of hints, under either name', () => {
    const hints = readCreateRequest(
      body({}, { 'OS-SCH-HNT:scheduler_hints': { group: 'g', different_host: ['a', 'b'], query: { x: 1 } } }),
      2001,
    );
    expect(hints.hints).toEqual({ group: ['g'], different_host: ['a', 'b'], query: ['{"x":1}'] });
    expect(hints.groupUuid).toBe('g');
  });

  it('takes the image repeated as a device', () => {
    const device = { source_type: 'image', destination_type: 'local', boot_index: 0, uuid: IMAGE };
    expect(readCreateRequest(body({ block_device_mapping_v2: [device] }), 2037).imageId).toBe(IMAGE);
    expect(readCreateRequest(body({ block_device_mapping_v2: [device] }), 2037).devices).toEqual([]);
    expect(() => readCreateRequest(body({ imageRef: '' }), 2037)).toThrow('Block Device Mapping is Invalid');
  });

  it.each([[[0, 0]], [[0, 2]], [['0', '0']]])('refuses devices to boot from that are numbered %j', (indexes) => {
    const devices = indexes.map((boot_index) => ({ source_type: 'image', destination_type: 'local', boot_index, uuid: IMAGE }));
    expect(() => readCreateRequest(body({ block_device_mapping_v2: devices }), 2037)).toThrow(
      'Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping combination is not valid.',
    );
  });

  it('needs more rights for naming hosts', () => {
    const request = readCreateRequest(body({ availability_zone: 'az:h', trusted_image_certificates: ['c'] }), 2096);
    expect(rightsNeeded(request)).toEqual([
      'os_compute_api:servers:create:forced_host',
      'os_compute_api:servers:create:trusted_certs',
    ]);
    expect(rightsNeeded(readCreateRequest(body({ host: 'h' }), 2096))).toEqual(['compute:servers:create:requested_destination']);
  });
});
