// A process of its own that fetches a file from the address of its first argument into the folder of its second.
import { openSourceModules } from '../../../../tools/source-modules.mjs';

const modules = await openSourceModules(new URL('../..', import.meta.url));
const { fetchFile } = await modules.load('/src/pretrained/node/fetch-file.ts');
const [, , address, cacheDir] = process.argv;
process.stdout.write('begun\n');
const path = await fetchFile(address, { cacheDir });
process.stdout.write(`${path}\n`);
await modules.close();
