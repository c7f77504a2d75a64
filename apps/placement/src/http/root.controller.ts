import type { ApiReply } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { type AnyRequest, answer } from './answers.js';
import { MAX_VERSION, MIN_VERSION } from './versions.js';

/** Which versions are spoken here. Needs no token. */
@Injectable()
export class RootController {
  show(request: AnyRequest): ApiReply {
    const links = [{ rel: 'self', href: '' }];
    const version = { id: 'v1.0', max_version: MAX_VERSION, min_version: MIN_VERSION, status: 'CURRENT', links };
    return answer(request, { versions: [version] });
  }
}
