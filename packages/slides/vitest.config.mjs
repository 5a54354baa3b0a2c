import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vitest/config';
import { packageTestConfig } from '../../tools/vitest.shared.mjs';

const sourceHooks = fileURLToPath(new URL('../../tools/source-hooks/register.mjs', import.meta.url));

// Worker threads load the sources too.
export default mergeConfig(packageTestConfig('slides'), { test: { execArgv: ['--import', sourceHooks] } });
