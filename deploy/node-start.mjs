// Loaded before every service and command (`node --import`): stack traces name lines of our sources. Maps of dependencies are
// left out: they are read with every module, and kept, for 5–15 MB in each process.
import { setSourceMapsSupport } from 'node:module';

setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
