import { packageTestConfig } from '../../tools/vitest.shared.mjs';

export default packageTestConfig('model', { isolate: false });
