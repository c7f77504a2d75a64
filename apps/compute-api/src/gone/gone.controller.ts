import { type ApiReply, gone } from '@kilonova/http';
import { Injectable } from '@nestjs/common';

/** What upstream has removed for every version. */
@Injectable()
export class GoneController {
  gone(): ApiReply {
    throw gone();
  }
}
