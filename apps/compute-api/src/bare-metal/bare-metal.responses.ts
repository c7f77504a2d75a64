import type { Answers } from '@kilonova/http';
import { never } from '../common/response-pieces.js';

export const bareMetalAnswers: Answers = {
  'GET /os-baremetal-nodes': never,
  'POST /os-baremetal-nodes': never,
  'GET /os-baremetal-nodes/:id': never,
  'DELETE /os-baremetal-nodes/:id': never,
  'POST /os-baremetal-nodes/:id/action add_interface': never,
  'POST /os-baremetal-nodes/:id/action remove_interface': never,
};
