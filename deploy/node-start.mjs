// Loaded before every service and command (`node --import`): stack traces name lines of our sources. Maps of dependencies are
// left out: they are read with every module, and kept, for 5–15 MB in each process.
// What was compiled is kept from one run to the next: a service that starts again, and its first requests, need not compile all
// of it anew. Where the folder cannot be written, as in images of containers, there is just no cache.
import { enableCompileCache, setSourceMapsSupport } from 'node:module';
import { fileURLToPath } from 'node:url';

setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/kilonova', import.meta.url)));
