// The real probe, compiled by Vite from the sources.
import { createServer } from 'vite';

const server = await createServer({
  root: new URL('../../../../', import.meta.url).pathname,
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  resolve: { conditions: ['@hovernet/source'] },
  ssr: { resolve: { conditions: ['@hovernet/source'] } },
});
await server.ssrLoadModule('/src/node/probe/probe-child.ts');
