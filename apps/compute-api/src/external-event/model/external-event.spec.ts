import { describe, expect, it } from 'vitest';
import { type EventPlace, eventCode, powerAction } from './external-event.js';

const event = (name: string, tag?: string) => ({ name, server_uuid: 'u', ...(tag === undefined ? {} : { tag }) });

describe('the code of an event', () => {
  it.each<[string, string | undefined, EventPlace, number]>([
    ['network-changed', undefined, 'on-host', 200],
    ['network-vif-plugged', 'port', 'on-host', 200],
    ['volume-reimaged', undefined, 'on-host', 200],
    ['network-changed', undefined, 'without-host', 422],
    ['network-changed', undefined, 'unknown', 404],
    ['volume-extended', 'volume', 'on-host', 200],
    ['volume-extended', undefined, 'on-host', 400],
    ['power-update', undefined, 'without-host', 400],
    ['accelerator-request-bound', undefined, 'on-host', 400],
    ['power-update', undefined, 'unknown', 404],
  ])('of %s %s to a server that is %s is %i', (name, tag, place, code) => {
    expect(eventCode(event(name, tag), place)).toBe(code);
  });
});

describe('what follows an event about power', () => {
  it.each<[string, string | undefined, string | undefined]>([
    ['power-update', 'POWER_ON', 'start'],
    ['power-update', 'POWER_OFF', 'stop'],
    ['power-update', 'REBOOT', undefined],
    ['network-changed', 'POWER_OFF', undefined],
  ])('%s %s: %s', (name, tag, action) => {
    expect(powerAction(event(name, tag))).toBe(action);
  });
});
