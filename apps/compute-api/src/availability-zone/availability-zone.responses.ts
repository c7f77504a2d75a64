import { type Answers, byKey, either, fields, list, type Part } from '@kilonova/http';
import { bool, microsOrNull, nil, shown, text } from '../common/response-pieces.js';

const zone = (hosts: Part) =>
  fields({
    availabilityZoneInfo: list(fields({ zoneName: text, zoneState: fields({ available: bool }), hosts })),
  });
const serviceState = fields({ available: bool, active: bool, updated_at: microsOrNull });

export const availabilityZoneAnswers: Answers = {
  'GET /os-availability-zone': shown('The zones that servers may be put in.', zone(nil)),
  'GET /os-availability-zone/detail': shown(
    'Every zone, with the services on its hosts.',
    zone(either(nil, byKey(byKey(serviceState)))),
  ),
};
