// The command line in a process of its own, run from the sources: tests need no build and can kill it.
import { createServer } from 'vite';

const server = await createServer({
  root: new URL('../..', import.meta.url).pathname,
  configFile: false,
  appType: 'custom',
  logLevel: 'error',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  ssr: { resolve: { conditions: ['@hovernet/source'] } },
});
const { main } = await server.ssrLoadModule('/src/cli/main.ts');
await main();
await server.close();
