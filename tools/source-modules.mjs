// Loads modules of a package from its sources in a process of its own: tests need no build and can kill it.
import { createServer } from 'vite';
import { fileURLToPath } from 'node:url';

/** `load(path)` gives the module at `path` below the folder at `packageUrl`; `close` lets the process end. */
export async function openSourceModules(packageUrl) {
  const server = await createServer({
    root: fileURLToPath(packageUrl),
    configFile: false,
    appType: 'custom',
    logLevel: 'error',
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    ssr: { resolve: { conditions: ['@hovernet/source'] } },
  });
  return { load: (path) => server.ssrLoadModule(path), close: () => server.close() };
}
