import { type Answers, byKey, fields, list } from '@kilonova/http';
import { never, shown, silent, text } from '../common/response-pieces.js';

/** Of services that are not part of this cloud there is nothing to list. */
const none = list({ type: 'object' }, { maxItems: 0 });
const of = (part: string): string => `/servers/:id/${part}`;

export const serverExtrasAnswers: Answers = {
  [`GET ${of('ips')}`]: shown('Its addresses by network.', fields({ addresses: byKey(none) })),
  [`GET ${of('ips/:network')}`]: never,
  [`GET ${of('os-interface')}`]: shown('Its network interfaces.', fields({ interfaceAttachments: none })),
  [`POST ${of('os-interface')}`]: never,
  [`GET ${of('os-interface/:port')}`]: never,
  [`DELETE ${of('os-interface/:port')}`]: never,
  [`GET ${of('os-volume_attachments')}`]: shown('Its volumes.', fields({ volumeAttachments: none })),
  [`POST ${of('os-volume_attachments')}`]: never,
  [`GET ${of('os-volume_attachments/:volume')}`]: never,
  [`DELETE ${of('os-volume_attachments/:volume')}`]: never,
  [`GET ${of('os-security-groups')}`]: shown('Its security groups.', fields({ security_groups: none })),
  [`GET ${of('os-server-password')}`]: shown('The encrypted password that it told.', fields({ password: text })),
  [`DELETE ${of('os-server-password')}`]: silent(204, 'The password is forgotten.'),
  [`GET ${of('topology')}`]: never,
  [`GET ${of('migrations')}`]: shown('Its live migrations that are under way.', fields({ migrations: none })),
  [`GET ${of('migrations/:migration')}`]: never,
  [`DELETE ${of('migrations/:migration')}`]: never,
  [`POST ${of('remote-consoles')}`]: never,
};
