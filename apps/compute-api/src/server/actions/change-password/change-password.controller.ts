import { type ApiReply, type ApiRequest, accepted } from '@kilonova/http';
import { AppError, conflict } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { AcceptAction } from '../../core/accept-action.service.js';
import { AwaitEnd } from '../../core/await-end.service.js';
import { serverId } from '../../core/server-id.js';

interface PasswordBody {
  readonly changePassword: { readonly adminPass: string };
}

/** Code of a fault where the hypervisor has no way to do what it was told. */
const NOT_IMPLEMENTED = 501;

/** Sets the password of the administrator inside a guest; the response tells how it ended, as clients know it. */
@Injectable()
export class ChangePasswordController {
  constructor(
    private readonly acceptAction: AcceptAction,
    private readonly awaitEnd: AwaitEnd,
  ) {}

  async change(request: ApiRequest<PasswordBody>): Promise<ApiReply> {
    const { ctx, body } = request;
    const args = { admin_password: body.changePassword.adminPass };
    const { cell, instance } = await this.acceptAction.run(ctx, request, serverId(request), 'changePassword', args);
    const end = await this.awaitEnd.run(ctx, cell, instance.uuid, 'changePassword');
    if (end.outcome === 'failed') throw refusalOf(end.fault);
    if (end.outcome === 'overtaken')
      throw conflict('compute.password.overtaken', `Instance ${instance.uuid} was changed by another request meanwhile.`);
    return accepted();
  }
}

/** Source: what Nova answers to each failure of its agent. */
const refusalOf = ({ code, message }: { readonly code: number; readonly message: string }): AppError =>
  code === NOT_IMPLEMENTED
    ? new AppError({
        kind: 'not-implemented',
        code: 'compute.password.unsupported',
        message: 'Unable to set password on instance',
      })
    : conflict('compute.password.not_set', message);
