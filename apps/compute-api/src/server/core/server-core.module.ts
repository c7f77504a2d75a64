import { Module } from '@nestjs/common';
import { TryAction } from '../trial/try-action.service.js';
import { AcceptAction } from './accept-action.service.js';
import { AskAgent } from './ask-agent.service.js';
import { AwaitEnd } from './await-end.service.js';
import { CellServerRepository } from './cell-server.repository.js';
import { ChangeServer } from './change-server.service.js';
import { ServerPresenter } from './server.presenter.js';
import { ServerLocator } from './server-locator.service.js';
import { ServerLookupRepository } from './server-lookup.repository.js';

/** What everything about servers stands on: where a server is, how it is shown, how a change of it is accepted. */
@Module({
  providers: [
    AcceptAction,
    AskAgent,
    AwaitEnd,
    CellServerRepository,
    ChangeServer,
    ServerLocator,
    ServerLookupRepository,
    ServerPresenter,
    TryAction,
  ],
  exports: [AcceptAction, AskAgent, AwaitEnd, ChangeServer, ServerLocator, ServerPresenter, TryAction],
})
export class ServerCoreModule {}
