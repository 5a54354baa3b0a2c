// A process of its own that compiles a program with the cache folder of its argument and prints the first result.
import { openSourceModules } from '../../../../tools/source-modules.mjs';

const modules = await openSourceModules(new URL('../..', import.meta.url));
const { createOnnxEngine } = await modules.load('/src/node.ts');
const { scaledProgram } = await modules.load('/test/session/scaled-program.ts');
const executable = await createOnnxEngine({ threads: 1, cacheDir: process.argv[2] }).compile(scaledProgram);
const { y } = await executable.run({ a: new Float32Array(8) });
process.stdout.write(`${y.data[0]}\n`);
await executable.dispose();
await modules.close();
