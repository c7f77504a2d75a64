import { expect, it } from 'vitest';
import { consoleUrl, isOffered } from './console-pairs.js';

it('sends noVNC its token in the path, others as it is', () => {
  expect(consoleUrl('http://p:6080/vnc_auto.html', 'novnc', 't')).toBe('http://p:6080/vnc_auto.html?path=%3Ftoken%3Dt');
  expect(consoleUrl('ws://p:6083/', 'serial', 't')).toBe('ws://p:6083/?token=t');
});

it('offers every protocol but RDP', () => {
  expect(['vnc', 'spice', 'serial', 'mks', 'rdp', 'toString'].map(isOffered)).toEqual([true, true, true, true, false, false]);
});
