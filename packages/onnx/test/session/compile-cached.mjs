// A process of its own that compiles a program with the cache folder of its argument and prints the first result, from sources.
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
const { createOnnxEngine } = await server.ssrLoadModule('/src/node.ts');
const { scaledProgram } = await server.ssrLoadModule('/test/session/scaled-program.ts');
const executable = await createOnnxEngine({ threads: 1, cacheDir: process.argv[2] }).compile(scaledProgram);
const { y } = await executable.run({ a: new Float32Array(8) });
process.stdout.write(`${y.data[0]}\n`);
await executable.dispose();
await server.close();
