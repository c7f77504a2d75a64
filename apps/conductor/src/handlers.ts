import { handlersOf } from '@kilonova/service';
import { CellConductorModule } from './cell/cell.module.js';
import { SuperConductorModule } from './super/super.module.js';

/** What each role of the conductor takes messages with. */
export const CONDUCTOR_HANDLERS = { super: handlersOf(SuperConductorModule), cell: handlersOf(CellConductorModule) };
