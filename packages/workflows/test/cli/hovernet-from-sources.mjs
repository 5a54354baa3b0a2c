// The command line in a process of its own, run from the sources.
import { openSourceModules } from '../../../../tools/source-modules.mjs';

const modules = await openSourceModules(new URL('../..', import.meta.url));
const { main } = await modules.load('/src/cli/main.ts');
await main();
await modules.close();
